import * as assert from "node:assert/strict";
import { rule as deletionWindow } from "../../../policy/rules/kms/kms-deletion-window";
import { rule as rotation } from "../../../policy/rules/kms/kms-rotation";
import { judge, UNKNOWN } from "../support/judge";

const key = (props: Record<string, unknown>, type = "aws:kms/key:Key") => ({ type, name: "data", props });

const unknown = (path: string) =>
    `data could not be judged, since ${path} is known only after a deployment. ` +
    "Compute the value from names and config instead of outputs, so that a preview can read it. " +
    `[unknown:${path}]`;

describe("kms-rotation", () => {
    for (const props of [
        { enableKeyRotation: true },
        { enableKeyRotation: "true", customerMasterKeySpec: UNKNOWN },
        { customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" },
        { customerMasterKeySpec: "HMAC_256", keyUsage: "GENERATE_VERIFY_MAC", enableKeyRotation: false },
        { customKeyStoreId: UNKNOWN },
    ]) {
        it(`takes a key with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(rotation, key(props)), []);
        });
    }

    for (const props of [
        {},
        { enableKeyRotation: false },
        { enableKeyRotation: "false", customerMasterKeySpec: "SYMMETRIC_DEFAULT" },
        { rotationPeriodInDays: 90, customKeyStoreId: "", customerMasterKeySpec: "" },
    ]) {
        it(`refuses a key with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(rotation, key(props)), ["data is not rotated. Set enableKeyRotation: true."]);
        });
    }

    for (const [props, path] of [
        [{ enableKeyRotation: UNKNOWN }, "enableKeyRotation"],
        [{ customerMasterKeySpec: UNKNOWN }, "customerMasterKeySpec"],
    ] as const) {
        it(`does not judge without ${path}`, async () => {
            assert.deepEqual(await judge(rotation, key(props)), [unknown(path)]);
        });
    }
});

describe("kms-deletion-window", () => {
    const TYPES = [
        ...["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"],
        ...["aws:kms/externalKey:ExternalKey", "aws:kms/replicaExternalKey:ReplicaExternalKey"],
    ];

    for (const props of [{}, { deletionWindowInDays: 30 }, { deletionWindowInDays: "30" }]) {
        it(`takes a key with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(deletionWindow, key(props)), []);
        });
    }

    for (const type of TYPES) {
        it(`refuses a ${type} with 29 days on prod`, async () => {
            assert.deepEqual(await judge(deletionWindow, key({ deletionWindowInDays: 29 }, type)), [
                "data is deleted after 29 days instead of 30. Leave deletionWindowInDays out, which gives 30 days, or raise it.",
            ]);
        });
    }

    it("takes a key with 7 days on dev, and none with less", async () => {
        assert.deepEqual(await judge(deletionWindow, key({ deletionWindowInDays: 7 }), "dev"), []);
        assert.deepEqual(await judge(deletionWindow, key({ deletionWindowInDays: 6 }), "dev"), [
            "data is deleted after 6 days instead of 7. Leave deletionWindowInDays out, which gives 30 days, or raise it.",
        ]);
    });

    it("does not take an unknown window for long enough", async () => {
        assert.deepEqual(await judge(deletionWindow, key({ deletionWindowInDays: UNKNOWN })), [
            unknown("deletionWindowInDays"),
        ]);
    });
});
