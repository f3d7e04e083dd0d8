import * as assert from "node:assert/strict";
import { createAuthorizer } from "../../local/iam/authorizer";
import type { Principal } from "../../local/iam/types";
import { createIam } from "../../local/services/iam/iam";
import { createKms } from "../../local/services/kms/kms";
import type { KeyUse } from "../../local/services/kms/types";
import type { PlannedResource } from "../../plan/types";

const account = "123456789012";
const region = "eu-west-1";
const keyArn = `arn:aws:kms:${region}:${account}:key/one`;
const role = `arn:aws:iam::${account}:role/writer`;
const writer: Principal = { type: "role", roleArn: role, sessionName: "s" };

describe("customer keys", () => {
    const resource = (type: string, name: string, inputs: object, outputs: object): PlannedResource => ({
        ...{ urn: `urn:${name}`, type, name, custom: true, id: name, dependsOn: [], protect: false },
        inputs: inputs as Record<string, unknown>,
        outputs: { ...inputs, ...outputs },
    });
    const statement = {
        Effect: "Allow",
        Principal: { AWS: role },
        Action: "kms:GenerateDataKey",
        Resource: "*",
        Condition: {
            StringEquals: {
                "kms:ViaService": `s3.${region}.amazonaws.com`,
                "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::bucket",
            },
        },
    };
    const keysWith = async (inputs: Record<string, unknown>) => {
        const iam = createIam();
        const trust = {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        };
        await iam.apply["aws:iam/role:Role"](
            resource(
                "aws:iam/role:Role",
                "writer",
                { name: "writer", assumeRolePolicy: JSON.stringify(trust) },
                { arn: role, uniqueId: "AROA1" },
            ),
        );
        await iam.ready?.();
        const authorizer = createAuthorizer({
            account,
            region,
            roles: iam,
            trace: () => undefined,
            warn: () => undefined,
        });
        const keys = createKms({ account, region, authorizer });
        await keys.apply["aws:kms/key:Key"](resource("aws:kms/key:Key", "one", inputs, { arn: keyArn, keyId: "one" }));
        await keys.apply["aws:kms/alias:Alias"](
            resource(
                "aws:kms/alias:Alias",
                "data",
                { name: "alias/data", targetKeyId: "one" },
                { arn: `arn:aws:kms:${region}:${account}:alias/data` },
            ),
        );
        await keys.ready?.();
        return keys;
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const use: KeyUse = {
        keyId: keyArn,
        principal: writer,
        action: "kms:GenerateDataKey",
        viaService: "s3",
        encryptionContext: { "aws:s3:arn": "arn:aws:s3:::bucket" },
        requestId: "r",
    };

    it("may be used as their policy says, by any of their names", async () => {
        const keys = await keysWith({ policy });

        for (const keyId of [keyArn, "one", "alias/data", `arn:aws:kms:${region}:${account}:alias/data`]) {
            assert.doesNotThrow(() => keys.authorizeUse({ ...use, keyId }), keyId);
        }
        assert.equal(keys.resolve("alias/data"), keyArn);
    });

    const refused: [string, Partial<KeyUse>][] = [
        ["for another action", { action: "kms:Decrypt" }],
        ["through another service", { viaService: "sqs" }],
        ["for other data", { encryptionContext: { "aws:s3:arn": "arn:aws:s3:::other" } }],
        ["without the encryption context", { encryptionContext: {} }],
        ["by another role", { principal: { ...writer, roleArn: `${role}-other` } }],
    ];
    for (const [what, change] of refused) {
        it(`may not be used ${what}`, async () => {
            const keys = await keysWith({ policy });

            assert.throws(() => keys.authorizeUse({ ...use, ...change }), { code: "AccessDenied", status: 403 });
        });
    }

    it("may not be used when they are disabled or do not exist", async () => {
        const keys = await keysWith({ policy, isEnabled: false });

        assert.throws(() => keys.authorizeUse(use), { code: "KMS.DisabledException" });
        assert.throws(() => keys.authorizeUse({ ...use, keyId: "alias/none" }), { code: "KMS.NotFoundException" });
    });

    it("without a policy of their own are left to the account, whose administrator may use them and whose roles need a policy", async () => {
        const keys = await keysWith({});
        const admin: Principal = { type: "admin", arn: `arn:aws:iam::${account}:user/local-admin` };

        assert.doesNotThrow(() => keys.authorizeUse({ ...use, principal: admin }));
        assert.throws(() => keys.authorizeUse(use), {
            code: "AccessDenied",
            message: /because no identity-based policy allows the kms:GenerateDataKey action$/,
        });
    });

    it("take the policy of a KeyPolicy resource when the plan is complete, and stop the start when they do not exist", async () => {
        const keys = await keysWith({});
        const keyPolicy = (keyId: string) => resource("aws:kms/keyPolicy:KeyPolicy", "policy", { keyId, policy }, {});
        await keys.apply["aws:kms/key:Key"](resource("aws:kms/key:Key", "one", {}, { arn: keyArn, keyId: "one" }));
        await keys.apply["aws:kms/keyPolicy:KeyPolicy"](keyPolicy("one"));

        assert.throws(() => keys.authorizeUse(use), { code: "AccessDenied" });
        await keys.ready?.();
        assert.doesNotThrow(() => keys.authorizeUse(use));
        assert.throws(
            () => void keys.apply["aws:kms/keyPolicy:KeyPolicy"](keyPolicy("two")),
            /key\/two is not declared/,
        );
    });
});
