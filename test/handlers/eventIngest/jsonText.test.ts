import * as assert from "node:assert/strict";
import { membersOf, nameOf, splitArray, wholeItem } from "../../../handlers/eventIngest/jsonText";

describe("splitting JSON text", () => {
    /** Accepts a text exactly as the handler does: it splits, and every item parses. */
    function accepts(text: string): boolean {
        const json = Buffer.from(text);
        const items = splitArray(json, Infinity);
        return items !== undefined && items.every(({ start, end }) => parses(json.toString("utf8", start, end)));
    }

    it("accepts a text exactly when JSON.parse does, over 20 000 damaged texts", () => {
        const pieces = [
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            '"',
            "\\",
            " ",
            "\n",
            "1",
            "-",
            "null",
            '"a"',
            '"a":1',
            '"\\""',
            "[]",
            "{}",
            '{"k":[1,"]"]}',
        ];
        let seed = 42;
        const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
        let valid = 0;

        for (let round = 0; round < 20_000; round++) {
            const body = Array.from({ length: random(7) }, () => pieces[random(pieces.length)]).join("");
            const text = random(2) ? `[${body}]` : body;
            assert.equal(accepts(text), parses(text), JSON.stringify(text));
            valid += parses(text) ? 1 : 0;
        }

        assert.ok(valid > 500, `only ${valid} valid texts`);
    });

    it("gives the items' own text, without spaces around", () => {
        const json = Buffer.from('\t[ {"a":"]"} ,\n2,"x,y" ] ');

        const texts = splitArray(json, 10)?.map(({ start, end }) => json.toString("utf8", start, end));

        assert.deepEqual(texts, ['{"a":"]"}', "2", '"x,y"']);
    });

    it("stops when it has as many items as asked for", () => {
        assert.equal(splitArray(Buffer.from(`[${"1,".repeat(100_000)}1]`), 3)?.length, 3);
    });

    it("counts an object's members, not those of what is inside", () => {
        assert.equal(wholeItem(Buffer.from('{"a":{"x":1,"y":[1,2,3]},"b":"1,2","a":3}')).members, 3);
    });

    it("gives members with their names as written", () => {
        const json = Buffer.from(' {"a" : {"x":1,"y":2}, "b\\"c":3 } ');

        const members = membersOf(json);

        const texts = (spans: typeof members) => spans.map(({ start, end }) => json.toString("utf8", start, end));
        assert.deepEqual(texts(members), ['"a" : {"x":1,"y":2}', '"b\\"c":3']);
        assert.deepEqual(texts(members.map((member) => nameOf(json, member))), ['"a"', '"b\\"c"']);
    });
});

function parses(text: string): boolean {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}
