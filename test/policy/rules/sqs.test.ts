import * as assert from "node:assert/strict";
import { rule as encryption } from "../../../policy/rules/sqs/sqs-encryption";
import { judge, UNKNOWN } from "../support/judge";

const queue = (props: Record<string, unknown>) => ({ type: "aws:sqs/queue:Queue", name: "orders", props });

describe("sqs-encryption", () => {
    for (const [title, props] of [
        ["SQS's own encryption, which is the default", {}],
        ["SQS's own encryption, named", { sqsManagedSseEnabled: true }],
        ["a key", { kmsMasterKeyId: "alias/quartet" }],
        ["a key that is made in the same deployment", { sqsManagedSseEnabled: false, kmsMasterKeyId: UNKNOWN }],
    ] as const) {
        it(`takes a queue with ${title}`, async () => {
            assert.deepEqual(await judge(encryption, queue(props)), []);
        });
    }

    for (const props of [
        { sqsManagedSseEnabled: false },
        { sqsManagedSseEnabled: "false", kmsMasterKeyId: "" },
        { sqsManagedSseEnabled: false, kmsMasterKeyId: null },
    ]) {
        it(`refuses a queue with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(encryption, queue(props)), [
                "orders is not encrypted. Leave sqsManagedSseEnabled out or set kmsMasterKeyId.",
            ]);
        });
    }

    it("does not take for encrypted what is known only after a deployment", async () => {
        assert.deepEqual(await judge(encryption, queue({ sqsManagedSseEnabled: UNKNOWN })), [
            "orders could not be judged, since sqsManagedSseEnabled is known only after a deployment. " +
                "Compute the value from names and config instead of outputs, so that a preview can read it. " +
                "[unknown:sqsManagedSseEnabled]",
        ]);
    });
});
