import * as assert from "node:assert/strict";
import { rule } from "../../../policy/rules/dsql/dsql-protected";
import { judge, UNKNOWN } from "../support/judge";

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/1";
const cluster = (props: Record<string, unknown>) => ({ type: "aws:dsql/cluster:Cluster", name: "orders", props });

describe("dsql-protected", () => {
    const NO_KEY =
        "orders is not encrypted with a customer managed key. Set kmsEncryptionKey to a customer managed key. [kmsEncryptionKey]";
    const FORCED =
        "orders is deleted with its stack in spite of its protection. Leave forceDestroy out. [forceDestroy]";
    const UNPROTECTED =
        "orders is not protected from deletion. Set deletionProtectionEnabled: true. [deletionProtectionEnabled]";

    for (const [title, props, ...messages] of [
        ["a protected cluster with a key", { deletionProtectionEnabled: true, kmsEncryptionKey: KEY }],
        [
            "a key that is made with it",
            { deletionProtectionEnabled: "true", forceDestroy: false, kmsEncryptionKey: UNKNOWN },
        ],
        ["what says nothing", {}, NO_KEY, UNPROTECTED],
        ["AWS's key", { deletionProtectionEnabled: true, kmsEncryptionKey: "AWS_OWNED_KMS_KEY" }, NO_KEY],
        [
            "what is deleted all the same",
            { deletionProtectionEnabled: true, forceDestroy: "true", kmsEncryptionKey: KEY },
            FORCED,
        ],
        ["what is not protected", { deletionProtectionEnabled: false, kmsEncryptionKey: KEY }, UNPROTECTED],
        [
            "what can't be read",
            { deletionProtectionEnabled: UNKNOWN, kmsEncryptionKey: KEY },
            "orders could not be judged, since deletionProtectionEnabled is known only after a deployment. " +
                "Compute the value from names and config instead of outputs, so that a preview can read it. " +
                "[unknown:deletionProtectionEnabled]",
        ],
    ] as readonly (readonly [string, Record<string, unknown>, ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(rule, cluster(props)), messages);
        });
    }

    it("asks for no key where the option says so", async () => {
        assert.deepEqual(await judge(rule, cluster({ deletionProtectionEnabled: true }), "dev"), []);
    });
});
