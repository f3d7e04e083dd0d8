import * as assert from "node:assert/strict";
import { each, eachAsync, failClosed, unjudged, Unreadable } from "../../policy/support/failClosed";
import type { Fault, Faults, Rule } from "../../policy/support/rule";
import { analyze, judge, UNKNOWN } from "./support/judge";

const TYPE = "aws:sqs/queue:Queue";

const ruleOf = (check: Rule["check"], id = "test-rule"): Rule => ({
    id,
    title: "All is well.",
    why: "It matters.",
    mend: "Mend it.",
    sources: ["quartet"],
    severity: "low",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [TYPE],
    check,
});

const unknownAt = (path: string) =>
    `it could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

const messagesOf = (check: Rule["check"], props: Record<string, unknown>) =>
    judge(ruleOf(check), { type: TYPE, props });

describe("a check that reads what is known only after a deployment", () => {
    for (const [kind, sentinel] of [
        ["boolean", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
        ["number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
        ["text", UNKNOWN],
        ["list", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
        ["object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
    ] as const) {
        it(`makes a finding of an unknown ${kind}`, async () => {
            const read: Rule["check"] = ({ props }) => [{ fault: String(props.value) }];

            assert.deepEqual(await messagesOf(read, { value: sentinel }), [unknownAt("value")]);
        });
    }

    it("names the path of a nested value", async () => {
        const read: Rule["check"] = ({ props }) => {
            const rules = props.rules as { key: { arn: string } }[];
            return [{ fault: `has ${rules[1].key.arn}` }];
        };

        assert.deepEqual(await messagesOf(read, { rules: [{}, { key: { arn: UNKNOWN } }] }), [
            unknownAt("rules.1.key.arn"),
        ]);
    });

    it("names the element of a list", async () => {
        const read: Rule["check"] = ({ props }) => [{ fault: (props.names as string[]).join() }];

        assert.deepEqual(await messagesOf(read, { names: ["a", UNKNOWN] }), [unknownAt("names.1")]);
    });

    it("keeps what it found before", async () => {
        const check: Rule["check"] = function* ({ props }) {
            yield { fault: "is wrong" };
            yield { fault: String(props.value) };
        };

        assert.deepEqual(await messagesOf(check, { value: UNKNOWN }), ["it is wrong. Mend it.", unknownAt("value")]);
    });

    it("makes no finding of an unknown value that it does not read", async () => {
        assert.deepEqual(await messagesOf(() => [], { value: UNKNOWN }), []);
    });

    it("makes the finding at the rule's own level", async () => {
        const rule = ruleOf(({ props }) => [{ fault: String(props.value) }]);
        const resource = { type: TYPE, props: { value: UNKNOWN } };

        const levels = await Promise.all(
            ["dev", "prod"].map(async (stack) => (await analyze([rule], resource, stack)).map(({ level }) => level)),
        );

        assert.deepEqual(levels, [["advisory"], ["mandatory"]]);
    });
});

describe("a check that ends with an error", () => {
    const failing: Rule["check"] = () => {
        throw new TypeError("hunter2");
    };

    it("does not hide what other rules find in the same resource", async () => {
        const sound = (id: string) => ruleOf(() => [{ fault: "is wrong" }], id);

        const found = await analyze([sound("first"), ruleOf(failing, "failing"), sound("last")], { type: TYPE });

        assert.deepEqual(
            found.map(({ rule, level }) => [rule, level]),
            [
                ["first", "mandatory"],
                ["failing", "mandatory"],
                ["last", "mandatory"],
            ],
        );
    });

    it("tells kind and place of the error, never its text, which may quote a secret", async () => {
        const [message] = await messagesOf(failing, {});

        assert.match(
            message,
            /^it could not be judged, since the check ended with TypeError at failClosed\.test\.ts:\d+\. Report this as a fault of the rule\. \[error\]$/,
        );
    });

    it("tells what can't be read", async () => {
        const check: Rule["check"] = () => {
            throw new Unreadable("policy is no JSON");
        };

        assert.deepEqual(await messagesOf(check, {}), [
            "it could not be judged: policy is no JSON. Mend it. [unreadable]",
        ]);
    });

    it("may throw anything at all", () => {
        for (const thrown of [undefined, null, "hunter2", { message: "hunter2" }]) {
            assert.deepEqual(
                unjudged(thrown).fault,
                "could not be judged, since the check ended with something that is no error at an unknown place",
            );
        }
    });

    it("may fail while it waits", async () => {
        const check: Rule["check"] = async function* () {
            yield { fault: "is wrong" };
            await Promise.reject(new RangeError());
        };

        const messages = await messagesOf(check, {});

        assert.equal(messages.length, 2);
        assert.match(messages[1], /ended with RangeError/);
    });
});

describe("pieces", () => {
    const judgeItem = function* (item: string, index: number): Generator<Fault> {
        if (item === "broken") {
            throw new Unreadable("it is broken");
        }
        yield { fault: `${item} ${index}` };
    };
    const ITEMS = ["a", "broken", "c"];
    const FAULTS = ["a 0", "could not be judged: it is broken", "c 2"];

    it("are judged each by itself", () => {
        assert.deepEqual(
            [...each(ITEMS, judgeItem)].map(({ fault }) => fault),
            FAULTS,
        );
    });

    it("are judged each by itself where that takes time", async () => {
        const check = async function* (item: string, index: number) {
            await Promise.resolve();
            yield* judgeItem(item, index);
        };

        assert.deepEqual(await faultsOf(eachAsync(ITEMS, check)), FAULTS);
    });

    it("are known, though their neighbours in the list are not", async () => {
        const check: Rule["check"] = ({ props }) =>
            each(props.names as string[], function* (name) {
                yield { fault: `has ${name}` };
            });

        assert.deepEqual(await messagesOf(check, { names: ["a", UNKNOWN, "c"] }), [
            "it has a. Mend it.",
            unknownAt("names.1"),
            "it has c. Mend it.",
        ]);
    });

    it("are none where a check has nothing to say", async () => {
        assert.deepEqual(await faultsOf(failClosed(() => undefined)), []);
    });
});

async function faultsOf(faults: Faults): Promise<string[]> {
    const found: string[] = [];
    for await (const { fault } of faults) {
        found.push(fault);
    }
    return found;
}
