import * as assert from "node:assert/strict";
import { rule as cmk } from "../../../policy/rules/secretsmanager/secret-cmk";
import { rule as guard } from "../../../policy/rules/secretsmanager/secret-guard";
import { rule as rotation } from "../../../policy/rules/secretsmanager/secret-rotation";
import { rule as secureString } from "../../../policy/rules/ssm/ssm-secure-string";
import { longestDays } from "../../../policy/support/secretsmanager/schedules";
import { judge, judgeStack, UNKNOWN } from "../support/judge";

const secret = (props: Record<string, unknown> = {}) => ({
    type: "aws:secretsmanager/secret:Secret",
    name: "db",
    props,
});

const unknown = (path: string) =>
    `db could not be judged, since ${path} is known only after a deployment. ` +
    "Compute the value from names and config instead of outputs, so that a preview can read it. " +
    `[unknown:${path}]`;

describe("secret-cmk", () => {
    const MEND = "Set kmsKeyId to a key of your own.";
    const KEY = "arn:aws:kms:eu-west-1:111111111111:key/a5fceaa8-8961-5185-aacd-a8884ce40bbf";

    for (const props of [
        { kmsKeyId: KEY },
        { kmsKeyId: "alias/quartet" },
        { kmsKeyId: UNKNOWN, replicas: [{ region: "eu-central-1", kmsKeyId: UNKNOWN }] },
    ]) {
        it(`takes a secret with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(cmk, secret(props)), []);
        });
    }

    for (const props of [{}, { kmsKeyId: "" }, { kmsKeyId: null }, { kmsKeyId: "alias/aws/secretsmanager" }]) {
        it(`refuses a secret with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(cmk, secret(props)), [`db is encrypted with a KMS key of AWS's. ${MEND}`]);
        });
    }

    it("refuses each replica without a key, and judges the others when one is unknown", async () => {
        const replicas = [UNKNOWN, { region: "eu-central-1" }, { region: "eu-west-2", kmsKeyId: KEY }];
        assert.deepEqual(await judge(cmk, secret({ kmsKeyId: KEY, replicas })), [
            unknown("replicas.0"),
            "db is encrypted with a KMS key of AWS's in replicas[1]. " +
                "Set the replica's kmsKeyId to a key of your own in its region. [replicas[1]]",
        ]);
    });
});

describe("secret-rotation", () => {
    const rotates = (props: Record<string, unknown>) => ({
        type: "aws:secretsmanager/secretRotation:SecretRotation",
        name: "db",
        props: { secretId: "db", ...props },
    });

    for (const rotationRules of [
        { automaticallyAfterDays: 90 },
        [{ automaticallyAfterDays: "30" }],
        { scheduleExpression: "rate(90 days)" },
        { scheduleExpression: "cron(0 16 1 */2 ? *)" },
    ]) {
        it(`takes the rules ${JSON.stringify(rotationRules)}`, async () => {
            assert.deepEqual(await judge(rotation, rotates({ rotationRules })), []);
        });
    }

    for (const [rotationRules, days] of [
        [{ automaticallyAfterDays: 91 }, 91],
        [{ scheduleExpression: "rate(100 days)" }, 100],
        [{ scheduleExpression: "cron(0 16 1 1,7 ? *)" }, 186],
    ] as const) {
        it(`refuses the rules ${JSON.stringify(rotationRules)}`, async () => {
            assert.deepEqual(await judge(rotation, rotates({ rotationRules })), [
                `db rotates its secret after up to ${days} days. Shorten rotationRules to at most 90 days.`,
            ]);
        });
    }

    for (const props of [
        {},
        { rotationRules: {} },
        { rotationEnabled: false, rotationRules: { automaticallyAfterDays: 1 } },
    ]) {
        it(`refuses a rotation with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(rotation, rotates(props)), ["db rotates nothing. Set rotationRules."]);
        });
    }

    it("does not judge a schedule that is unknown or none", async () => {
        assert.deepEqual(await judge(rotation, rotates({ rotationRules: { scheduleExpression: UNKNOWN } })), [
            unknown("rotationRules.scheduleExpression"),
        ]);
        const [message] = await judge(rotation, rotates({ rotationRules: { scheduleExpression: "monthly" } }));
        assert.match(message, /^db could not be judged: scheduleExpression is no rate\(\) or cron\(\)/);
    });

    it("finds a secret's rotation by name and by an unknown output", async () => {
        const byOutput = { ...rotates({ secretId: UNKNOWN }), name: "rotation", refers: { secretId: ["db"] } };
        assert.deepEqual(
            await judgeStack(rotation, [secret({ name: "db" }), { ...rotates({}), name: "rotation" }]),
            [],
        );
        assert.deepEqual(await judgeStack(rotation, [{ ...secret(), outputs: { arn: UNKNOWN } }, byOutput]), []);
    });

    it("refuses a secret that only another's rotation is for", async () => {
        assert.deepEqual(
            await judgeStack(rotation, [secret({ name: "other" }), { ...rotates({}), name: "rotation" }]),
            [
                "db is never rotated. Give the secret an aws.secretsmanager.SecretRotation with rotationRules of at most 90 days.",
            ],
        );
    });
});

describe("the longest time between two runs", () => {
    for (const [expression, days] of [
        ["rate(4 hours)", 1],
        ["rate(25 hours)", 2],
        ["rate(1 day)", 1],
        ["rate(10 days)", 10],
        ["cron(0 8 * * ? *)", 31],
        ["cron(0 8 ? 1-12 SUN *)", 31],
        ["cron(0 8 1 1/2 ? *)", 62],
        ["cron(0 8 1 JAN,APR,JUL,OCT ? *)", 93],
        ["cron(0 8 1 6-8 ? *)", 310],
        ["cron(0 8 1 feb ? *)", 372],
        ["cron(0 8 1 13 ? *)", undefined],
        ["cron(0 8 1 MAY-JAN ? *)", undefined],
        ["cron(0 8 1 */0 ? *)", undefined],
        ["cron(0 8 1 *)", undefined],
        ["every day", undefined],
    ] as const) {
        it(`of ${expression} is ${days ?? "not known"}`, () => {
            assert.equal(longestDays(expression), days);
        });
    }
});

describe("secret-guard", () => {
    const MEND = "Leave recoveryWindowInDays out, which gives 30 days, or set 7 to 30.";
    const version = (secretString: unknown) => ({
        type: "aws:secretsmanager/secretVersion:SecretVersion",
        name: "db",
        props: { secretId: UNKNOWN, secretString },
    });
    const policy = (props: Record<string, unknown>) => ({
        type: "aws:secretsmanager/secretPolicy:SecretPolicy",
        name: "db",
        props: { secretArn: UNKNOWN, policy: UNKNOWN, ...props },
    });

    for (const resource of [
        secret({}),
        secret({ recoveryWindowInDays: 7, policy: "{}" }),
        policy({ blockPublicPolicy: true }),
        version("k3-Vq9.tz"),
    ]) {
        it(`takes ${JSON.stringify(resource)}`, async () => {
            assert.deepEqual(await judge(guard, resource), []);
        });
    }

    for (const recoveryWindowInDays of [0, "0"]) {
        it(`refuses the recovery window ${JSON.stringify(recoveryWindowInDays)}`, async () => {
            assert.deepEqual(await judge(guard, secret({ recoveryWindowInDays })), [
                `db is deleted at once, without a time to recover it. ${MEND} [recoveryWindowInDays]`,
            ]);
        });
    }

    it("refuses a policy of the secret's own property, also beside an unknown recovery window", async () => {
        const policyText = '{"Version":"2012-10-17","Statement":[]}';
        assert.deepEqual(await judge(guard, secret({ recoveryWindowInDays: UNKNOWN, policy: policyText })), [
            unknown("recoveryWindowInDays"),
            "db has a policy that may open it to everybody. " +
                "Put the policy into an aws.secretsmanager.SecretPolicy with blockPublicPolicy: true. [policy]",
        ]);
    });

    for (const props of [{}, { blockPublicPolicy: false }]) {
        it(`refuses a policy with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(guard, policy(props)), [
                "db may open its secret to everybody. Set blockPublicPolicy: true. [blockPublicPolicy]",
            ]);
        });
    }

    for (const text of ["changeme", '{"username":"orders","password":"changeme"}']) {
        it(`refuses the value ${text}, without saying it`, async () => {
            assert.deepEqual(await judge(guard, version(text)), [
                "db has a value that was written as a placeholder. " +
                    "Take the value from a config secret or a generator, such as random.RandomPassword. [secretString]",
            ]);
        });
    }

    it("does not take an unknown value for a good one", async () => {
        assert.deepEqual(await judge(guard, policy({ blockPublicPolicy: UNKNOWN })), [unknown("blockPublicPolicy")]);
    });
});

describe("ssm-secure-string", () => {
    const MEND = "Set type: SecureString and give the credential as value, not as insecureValue.";
    const parameter = (props: Record<string, unknown>, name = "db") => ({
        type: "aws:ssm/parameter:Parameter",
        name,
        props,
    });

    for (const [title, resource] of [
        ["a secret by name with a key", parameter({ type: "SecureString", keyId: UNKNOWN, name: "/db/password" })],
        ["a plain value", parameter({ type: "String", name: "/db/host", value: "db.example.com" })],
        ["an output that is still unknown", parameter({ type: "String", name: "/db/table", value: UNKNOWN })],
        ["what tells of a secret", parameter({ type: "String", name: "/db/secret-arn", insecureValue: "arn:aws:x" })],
        ["a list", parameter({ type: "StringList", name: "/subnets", value: "subnet-1,subnet-2" })],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(secureString, resource), []);
        });
    }

    for (const resource of [
        parameter({ type: "String", name: "/db/password", value: UNKNOWN }),
        parameter({ type: "StringList", name: "/db/apiKeys", insecureValue: "x" }),
        parameter({ type: "String", value: "x" }, "dbPassword"),
    ]) {
        it(`refuses ${JSON.stringify(resource)}`, async () => {
            assert.deepEqual(await judge(secureString, resource), [
                `${resource.name} is by its name a credential, but no SecureString. ${MEND} [name]`,
            ]);
        });
    }

    for (const property of ["value", "insecureValue", "valueWo"]) {
        it(`refuses a credential as ${property}, without saying it`, async () => {
            const resource = parameter({
                type: "String",
                name: "/db/url",
                [property]: "postgres://a:hunter22@db/orders",
            });
            assert.deepEqual(await judge(secureString, resource), [
                `db has a credential as its value, but is no SecureString. ${MEND} [value]`,
            ]);
        });
    }

    for (const keyId of [undefined, "", "alias/aws/ssm"]) {
        it(`refuses a SecureString with the key ${keyId} on prod, but not on dev`, async () => {
            const resource = parameter({
                type: "SecureString",
                name: "/db/password",
                ...(keyId !== undefined && { keyId }),
            });
            assert.deepEqual(await judge(secureString, resource, "dev"), []);
            assert.deepEqual(await judge(secureString, resource), [
                "db is encrypted with a KMS key of AWS's. Set keyId to a key of your own. [keyId]",
            ]);
        });
    }

    it("does not take an unknown type for secure, or an unknown name for harmless", async () => {
        assert.deepEqual(await judge(secureString, parameter({ type: UNKNOWN, name: "/x" })), [unknown("type")]);
        assert.deepEqual(await judge(secureString, parameter({ type: "String", name: UNKNOWN })), [unknown("name")]);
    });
});
