import * as assert from "node:assert/strict";
import { compilePattern } from "../../../local/services/events/pattern/compile";

const matches = (pattern: unknown, event: unknown) => compilePattern(JSON.stringify(pattern))(event);

describe("EventBridge: event patterns", () => {
    /** Each pattern stands for the field `x`. */
    const values: [pattern: unknown, matching: unknown[], others: unknown[]][] = [
        [
            ["a", 1, null, true],
            ["a", 1, null, true, ["b", "a"]],
            ["A", "1", false, undefined, [], ["b"], { a: "a" }],
        ],
        [[{ prefix: "eu-" }], ["eu-", "eu-west-1", ["us", "eu-x"]], ["EU-1", "a-eu-", 1, undefined]],
        [[{ prefix: { "equals-ignore-case": "Eu" } }], ["EU-1", "eu"], ["a-eu"]],
        [[{ suffix: ".png" }], ["a.png"], [".png.jpg", "a.PNG"]],
        [[{ suffix: { "equals-ignore-case": ".png" } }], ["a.PNG"], ["a.jpg"]],
        [[{ "equals-ignore-case": "Alice" }], ["alice", "ALICE"], ["alices", undefined]],
        [[{ "anything-but": "a" }], ["b", 1, null, ["a", "b"]], ["a", undefined, []]],
        [[{ "anything-but": ["a", "b"] }], ["c"], ["a", "b"]],
        [[{ "anything-but": [1, 2] }], [3, "1"], [1, 2]],
        [[{ "anything-but": { prefix: "a" } }], ["b", 1], ["ab"]],
        [[{ "anything-but": { suffix: ["a", "b"] } }], ["ac"], ["xa", "xb"]],
        [[{ "anything-but": { "equals-ignore-case": ["a"] } }], ["b"], ["A"]],
        [[{ "anything-but": { wildcard: "*/lib/*" } }], ["a/src/b"], ["a/lib/b"]],
        [[{ numeric: ["=", 3] }], [3, [1, 3]], [4, "3", undefined]],
        [[{ numeric: [">", 0, "<=", 5] }], [0.5, 5], [0, 5.1, -1]],
        [[{ exists: true }], ["a", null, 0, ["a"]], [undefined, [], { a: 1 }]],
        [[{ exists: false }], [undefined, []], ["a", null]],
        [[{ cidr: "10.0.0.0/24" }], ["10.0.0.255"], ["10.0.1.0", "text", "::1"]],
        [[{ cidr: "2001:db8::/32" }], ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"]],
        [[{ wildcard: "a/*/c.?" }], ["a/b/x/c.?", "a//c.?"], ["a/b/c.d", "xa/b/c.?"]],
        [[{ wildcard: "1\\*\\\\*" }], ["1*\\", "1*\\more"], ["12\\", "1*"]],
        [["a", { prefix: "b" }], ["a", "bc"], ["c"]],
    ];
    for (const [pattern, matching, others] of values) {
        it(`match by ${JSON.stringify(pattern)} what it says, and nothing else`, () => {
            for (const x of matching) {
                assert.equal(matches({ x: pattern }, { x }), true, JSON.stringify(x));
            }
            for (const x of others) {
                assert.equal(matches({ x: pattern }, x === undefined ? {} : { x }), false, JSON.stringify(x));
            }
        });
    }

    it("match when all their fields do, however deep, and whatever else the event has", () => {
        const pattern = { source: ["aws.ecs"], detail: { lastStatus: ["STOPPED"], container: { exitCode: [1] } } };
        const detail = { lastStatus: "STOPPED", container: { exitCode: 1, name: "x" } };

        assert.equal(matches(pattern, { source: "aws.ecs", detail, more: 1 }), true);
        assert.equal(matches(pattern, { source: "aws.ec2", detail }), false);
        assert.equal(matches(pattern, { source: "aws.ecs", detail: { ...detail, container: { exitCode: 0 } } }), false);
        assert.equal(matches(pattern, { source: "aws.ecs", detail: { ...detail, container: undefined } }), false);
        assert.equal(matches(pattern, { source: "aws.ecs", detail: "text" }), false);
    });

    it("find fields in lists of objects, all of them in the same one", () => {
        const pattern = { list: { name: ["a"], code: [1] } };

        assert.equal(matches(pattern, { list: [{ name: "b" }, { name: "a", code: 1 }] }), true);
        assert.equal(
            matches(pattern, {
                list: [
                    { name: "a", code: 2 },
                    { name: "b", code: 1 },
                ],
            }),
            false,
        );
    });

    it("match by one alternative of $or, together with the fields beside it", () => {
        const pattern = { type: ["t"], $or: [{ a: [1] }, { b: [{ numeric: [">", 5] }] }] };

        assert.equal(matches(pattern, { type: "t", a: 1 }), true);
        assert.equal(matches(pattern, { type: "t", b: 6 }), true);
        assert.equal(matches(pattern, { type: "t", a: 2, b: 5 }), false);
        assert.equal(matches(pattern, { type: "u", a: 1 }), false);
    });

    it("ask by exists: false also for fields of an object that is missing", () => {
        assert.equal(matches({ detail: { error: [{ exists: false }] } }, {}), true);
        assert.equal(matches({ detail: { error: [{ exists: false }] } }, { detail: { error: "x" } }), false);
    });

    it("never match what every object inherits", () => {
        assert.equal(matches({ toString: [{ exists: true }] }, {}), false);
    });

    it("are refused in EventBridge's words when they are not valid", () => {
        const wrong: [pattern: unknown, reason: RegExp][] = [
            [[], /Filter is not an object/],
            [{}, /Empty objects are not allowed/],
            [{ x: "a" }, /"x" must be an object or an array/],
            [{ x: [] }, /Empty arrays are not allowed/],
            [{ x: [[]] }, /Only one key allowed/],
            [{ x: [{}] }, /Only one key allowed/],
            [{ x: [{ prefix: "a", suffix: "b" }] }, /Only one key allowed/],
            [{ x: [{ contains: "a" }] }, /Unrecognized match type contains/],
            [{ x: [{ prefix: 1 }] }, /prefix match pattern must be a string/],
            [{ x: [{ exists: "true" }] }, /exists match pattern must be either true or false/],
            [{ x: [{ numeric: [">"] }] }, /numeric/],
            [{ x: [{ numeric: ["~", 1] }] }, /Unrecognized numeric range operator: ~/],
            [{ x: [{ numeric: [">", "1"] }] }, /must be numeric/],
            [{ x: [{ cidr: "10.0.0.0" }] }, /Malformed CIDR/],
            [{ x: [{ cidr: "10.0.0.0/33" }] }, /Malformed CIDR/],
            [{ x: [{ "anything-but": [] }] }, /anything but list/],
            [{ x: [{ "anything-but": ["a", 1] }] }, /mixed type is not supported/],
            [{ x: [{ "anything-but": { contains: "a" } }] }, /Unrecognized match type contains/],
            [{ x: [{ wildcard: "a**b" }] }, /Consecutive wildcard characters/],
            [{ x: [{ wildcard: "a\\b" }] }, /Invalid escape character/],
        ];
        for (const [pattern, reason] of wrong) {
            const compile = () => compilePattern(JSON.stringify(pattern));
            assert.throws(compile, /^Error: Event pattern is not valid\. Reason: /, JSON.stringify(pattern));
            assert.throws(compile, reason);
        }
        assert.throws(() => compilePattern("{"), /Reason: Filter is not valid JSON/);
    });
});
