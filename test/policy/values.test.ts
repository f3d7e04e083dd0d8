import * as assert from "node:assert/strict";
import { Unreadable } from "../../policy/support/failClosed";
import {
    isFalse,
    isSet,
    isTrue,
    jsonOf,
    listOf,
    numberOf,
    propsListOf,
    propsOf,
    textOf,
    textsOf,
    type Props,
} from "../../policy/support/values";
import { UNKNOWN } from "./support/judge";

const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as { unknownCheckingProxy(props: Props): Props };

const SECRET = "hunter2";

describe("isSet", () => {
    for (const value of [0, false, [], {}, "x", UNKNOWN]) {
        it(`takes ${JSON.stringify(value)} for a value`, () => {
            assert.equal(isSet(unknownCheckingProxy({ key: value }), "key"), true);
        });
    }

    for (const props of [{}, { key: undefined }, { key: null }, { key: "" }]) {
        it(`takes the key of ${JSON.stringify(props)} for left out`, () => {
            assert.equal(isSet(unknownCheckingProxy(props), "key"), false);
        });
    }

    it("hides no error but that of an unknown value", () => {
        const props = {
            get key(): string {
                throw new RangeError();
            },
        };

        assert.throws(() => isSet(props, "key"), RangeError);
    });
});

describe("booleans", () => {
    it("may be texts", () => {
        assert.deepEqual([true, "true", "True", false, "false", 1, undefined].map(isTrue), [
            ...[true, true, true],
            ...[false, false, false, false],
        ]);
        assert.deepEqual([false, "false", "FALSE", true, "", 0, null].map(isFalse), [
            ...[true, true, true],
            ...[false, false, false, false],
        ]);
    });
});

describe("texts and numbers", () => {
    it("are read from either", () => {
        assert.deepEqual(["a", 7, undefined, null].map(textOf), ["a", "7", undefined, undefined]);
        assert.deepEqual(["-1", 7, 0, "0.5"].map(numberOf), [-1, 7, 0, 0.5]);
    });

    it("are left out where there is nothing, be it an empty text where a number should be", () => {
        assert.deepEqual([undefined, null, ""].map(numberOf), [undefined, undefined, undefined]);
    });

    for (const [reader, value] of [
        [textOf, { password: SECRET }],
        [textOf, true],
        [numberOf, SECRET],
        [numberOf, true],
        [numberOf, NaN],
        [propsOf, SECRET],
        [propsOf, [SECRET]],
        [textsOf, [{ password: SECRET }]],
        [(text: unknown) => jsonOf(text, "policy"), `{"password": ${SECRET}`],
    ] as const) {
        it(`can't be read by ${reader.name || "jsonOf"} from ${typeof value}, which is not quoted`, () => {
            assert.throws(
                () => reader(value),
                (error) => error instanceof Unreadable && !error.message.includes(SECRET),
            );
        });
    }
});

describe("lists", () => {
    it("are of one element for a single value, and empty for none", () => {
        assert.deepEqual(
            [listOf("a"), listOf(["a", "b"]), listOf(undefined), listOf(null)],
            [["a"], ["a", "b"], [], []],
        );
        assert.deepEqual(propsListOf({ key: 1 }), [{ key: 1 }]);
    });

    it("of texts take a single text, and numbers", () => {
        assert.deepEqual([textsOf("a"), textsOf(["a", 7]), textsOf(undefined)], [["a"], ["a", "7"], []]);
    });

    it("are taken without touching their elements", () => {
        const { list } = unknownCheckingProxy({ list: [UNKNOWN] });

        assert.equal(listOf(list).length, 1);
        assert.throws(() => textsOf(list), /list\.0/);
    });
});

describe("objects", () => {
    it("are empty where they were left out", () => {
        assert.deepEqual([propsOf(undefined), propsOf(null), propsOf({ a: 1 })], [{}, {}, { a: 1 }]);
    });

    it("may be JSON or not", () => {
        assert.deepEqual([jsonOf('{"a":1}', "policy"), jsonOf({ a: 1 }, "policy")], [{ a: 1 }, { a: 1 }]);
    });

    it("that are no JSON are named", () => {
        assert.throws(() => jsonOf("{", "policy"), /^Error: policy is no JSON$/);
    });
});
