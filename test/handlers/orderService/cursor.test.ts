import * as assert from "node:assert/strict";
import { readCursor, writeCursor, type CursorScope } from "../../../handlers/orderService/cursor";

const secret = Buffer.alloc(32, 1);
const id = "0190a1b2-c3d4-7e5f-8a9b-0123456789ab";
const scope: CursorScope = { client: "web" };
const cursor = writeCursor(id, scope, secret);

describe("a cursor", () => {
    it("gives back the id that it was written with, in the same list", () => {
        assert.equal(readCursor(cursor, scope, secret), id);
        const pending: CursorScope = { client: "web", status: "pending" };
        assert.equal(readCursor(writeCursor(id, pending, secret), pending, secret), id);
    });

    it("needs no escaping in a query", () => {
        for (let byte = 0; byte < 256; byte++) {
            assert.match(writeCursor(id, scope, Buffer.alloc(32, byte)), /^[A-Za-z0-9_-]{43}$/);
        }
    });

    for (const [what, other] of Object.entries<CursorScope>({
        "another client": { client: "shop" },
        "one status": { client: "web", status: "pending" },
        "a client whose id ends in a status": { client: "webpending" },
    })) {
        it(`is refused in the list of ${what}`, () => {
            assert.equal(readCursor(cursor, other, secret), undefined);
        });
    }

    it("of one status is refused in the list of another, and of all", () => {
        const pending = writeCursor(id, { client: "web", status: "pending" }, secret);

        assert.equal(readCursor(pending, { client: "web", status: "failed" }, secret), undefined);
        assert.equal(readCursor(pending, scope, secret), undefined);
    });

    it("is refused under another secret", () => {
        assert.equal(readCursor(cursor, scope, Buffer.alloc(32, 2)), undefined);
    });

    it("is refused with any one character changed, left out or added", () => {
        for (let at = 0; at < cursor.length; at++) {
            for (const put of ["A", "z", "_", ""]) {
                const changed = cursor.slice(0, at) + put + cursor.slice(at + 1);
                if (changed !== cursor) {
                    assert.equal(readCursor(changed, scope, secret), undefined, changed);
                }
            }
            assert.equal(readCursor(`${cursor.slice(0, at)}A${cursor.slice(at)}`, scope, secret), undefined);
        }
    });

    for (const [what, damaged] of Object.entries({
        nothing: "",
        "the id alone": cursor.slice(0, 22),
        "upper case": cursor.toUpperCase(),
        "lower case": cursor.toLowerCase(),
        "a space at its end": `${cursor} `,
        "padding at its end": `${cursor}=`,
        "itself twice": cursor + cursor,
        "what is no base64url": "é".repeat(43),
        "an order's id": id,
    })) {
        it(`is refused as ${what}`, () => {
            assert.equal(readCursor(damaged, scope, secret), undefined);
        });
    }
});
