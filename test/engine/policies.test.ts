import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectFolder } from "../support/plans";
import { startEngine, type Ended, type Engine } from "./support/engine";

const pack = path.join(projectFolder, "policy");

/** What AWS's provider computes where a program leaves it out; a preview can't tell it. */
const COMPUTED = {
    "aws:s3/bucket:Bucket": ["policy", "acl", "grants", "serverSideEncryptionConfiguration", "versioning"],
    "aws:sqs/queue:Queue": ["policy", "redrivePolicy", "kmsMasterKeyId", "sqsManagedSseEnabled"],
    "aws:iam/role:Role": ["inlinePolicies", "managedPolicyArns"],
    "aws:kms/key:Key": ["policy"],
};

describe("the engine, with the policy pack", () => {
    let engine: Engine;
    before(async () => {
        engine = await startEngine(COMPUTED);
    });
    after(() => engine?.close());

    it("stops a preview, with the message of the rule", async () => {
        const folder = await program("unencrypted", UNENCRYPTED);

        const { code, stdout } = await judged(folder, "preview");

        assert.notEqual(code, 0);
        assert.match(stdout, /\[mandatory\] .*sqs-encryption {2}\(aws:sqs:Queue: orders\)/);
        assert.match(stdout, /orders is not encrypted\. /);
    });

    it("stops a deployment before the resource is made", async () => {
        const folder = await program("unencrypted-up", UNENCRYPTED);

        const { code } = await judged(folder, "up", "--yes", "--skip-preview");

        assert.notEqual(code, 0);
        const { stdout } = await engine.pulumi(folder, "stack", "export", "--stack", "dev");
        assert.deepEqual(
            (JSON.parse(stdout).deployment.resources ?? []).filter(({ type }: { type: string }) => /Queue/.test(type)),
            [],
        );
    });

    it("takes what is made of new resources for set, and what is left out for left out, though the provider knows neither", async () => {
        const folder = await program("sound", SOUND);

        const { code, stdout } = await judged(folder, "preview");

        assert.equal(code, 0, stdout);
        assert.doesNotMatch(stdout, /\[mandatory\]|could not be judged/);
    });

    it("judges a stack by its name, also without a config, and one of another name as strictly as prod", async () => {
        const levels = async (stack: string) => {
            const folder = await program(`alone-${stack}`, WITHOUT_DEAD_LETTERS, stack);
            const { code, stdout } = await judged(folder, "preview", "--stack", stack);
            return { blocked: code !== 0, level: /\[(\w+)\] \[severity: \w+\] {2}sqs-dlq/.exec(stdout)?.[1] };
        };

        assert.deepEqual(await levels("dev"), { blocked: false, level: "advisory" });
        assert.deepEqual(await levels("staging"), { blocked: true, level: "mandatory" });
    });

    it("allows a finding by an exception, until its last day", async () => {
        const folder = await program("excepted", UNENCRYPTED);
        const until = (expires: string) => {
            const config = path.join(folder, `${expires}.json`);
            const exception = { resource: "aws:sqs/queue:Queue::orders", reason: "its messages are public", expires };
            const rules = { "sqs-encryption": { enforcementLevel: "mandatory", exceptions: [exception] } };
            fs.writeFileSync(config, JSON.stringify(rules));
            return judged(folder, "preview", "--policy-pack-config", config);
        };

        const [allowed, expired] = [await until("2999-12-31"), await until("2020-12-31")];

        assert.doesNotMatch(allowed.stdout, /orders is not encrypted/);
        assert.match(expired.stdout, /orders is not encrypted/);
        assert.notEqual(expired.code, 0);
    });

    it("does not start with an exception that has no reason", async () => {
        const folder = await program("unreasoned", UNENCRYPTED);
        const config = path.join(folder, "policy.json");
        const exception = { resource: "aws:sqs/queue:Queue::orders", expires: "2999-12-31" };
        fs.writeFileSync(config, JSON.stringify({ "sqs-encryption": { exceptions: [exception] } }));

        const { code, stdout, stderr } = await judged(folder, "preview", "--policy-pack-config", config);

        assert.notEqual(code, 0);
        assert.match(stdout + stderr, /sqs-encryption: exceptions\.0: reason is required/);
    });

    async function program(name: string, text: string, stack = "dev"): Promise<string> {
        const folder = engine.writeProgram(name, text);
        fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), CONFIG);
        await engine.pulumi(folder, "stack", "init", stack);
        return folder;
    }

    function judged(folder: string, ...command: string[]): Promise<Ended> {
        const stack = command.includes("--stack") ? [] : ["--stack", "dev"];
        return engine.pulumi(folder, ...command, ...stack, "--policy-pack", pack);
    }
});

const CONFIG = "config:\n  aws:region: eu-west-1\n  aws:allowedAccountIds: ['123456789012']\n";

const UNENCRYPTED = `
const aws = require("@pulumi/aws");
new aws.sqs.Queue("orders", { name: "orders", sqsManagedSseEnabled: false });
`;

const WITHOUT_DEAD_LETTERS = `
const aws = require("@pulumi/aws");
const queue = new aws.sqs.Queue("orders", { name: "orders", kmsMasterKeyId: "alias/orders" });
new aws.sqs.QueuePolicy("orders", {
    queueUrl: queue.url,
    policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: "arn:aws:sqs:eu-west-1:123456789012:orders",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    }),
});
`;

const SOUND = `
const aws = require("@pulumi/aws");
const account = "123456789012";
const document = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });
const tlsOnly = (action, ...Resource) => document({
    Effect: "Deny", Principal: "*", Action: action, Resource, Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const key = new aws.kms.Key("key", {
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    policy: document({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::" + account + ":root" }, Action: "kms:*", Resource: "*" }),
});
const queue = (name, args) => {
    const made = new aws.sqs.Queue(name, { name, sqsManagedSseEnabled: false, kmsMasterKeyId: key.arn, ...args });
    const arn = "arn:aws:sqs:eu-west-1:" + account + ":" + name;
    new aws.sqs.QueuePolicy(name, { queueUrl: made.url, policy: tlsOnly("sqs:*", arn) });
    return made;
};
const dead = queue("dead", {});
queue("orders", {
    redrivePolicy: dead.arn.apply((arn) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 })),
});
const bucket = new aws.s3.Bucket("data", {});
const data = "arn:aws:s3:::data";
new aws.s3.BucketPublicAccessBlock("data", {
    bucket: bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
});
new aws.s3.BucketOwnershipControls("data", { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } });
new aws.s3.BucketServerSideEncryptionConfiguration("data", {
    bucket: bucket.id,
    rules: [{
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        bucketKeyEnabled: true,
    }],
});
new aws.s3.BucketPolicy("data", { bucket: bucket.id, policy: tlsOnly("s3:*", data, data + "/*") });
const role = new aws.iam.Role("worker", {
    assumeRolePolicy: document({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
});
new aws.iam.RolePolicy("worker", {
    role: role.id,
    policy: document({ Effect: "Allow", Action: "s3:GetObject", Resource: data + "/*" }),
});
`;
