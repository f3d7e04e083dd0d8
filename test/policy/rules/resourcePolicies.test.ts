import * as assert from "node:assert/strict";
import { rule as crossAccount } from "../../../policy/rules/resource-policy/resource-policy-cross-account";
import { rule as noNotPrincipal } from "../../../policy/rules/resource-policy/resource-policy-no-not-principal";
import { rule as noWildcard } from "../../../policy/rules/resource-policy/resource-policy-no-wildcard-action";
import { rule as source } from "../../../policy/rules/resource-policy/resource-policy-service-principal-source";
import type { Rule } from "../../../policy/support/rule";
import { document, unknown } from "../support/iamRoles";
import { analyze, judge, UNKNOWN, type Declared } from "../support/judge";
import { withOwnAccounts } from "../support/ownAccounts";

const own = "111111111111";
const other = "333333333333";
const at = "in statement 1 of policy";
const send = { Effect: "Allow", Action: "sqs:SendMessage", Resource: `arn:aws:sqs:eu-west-1:${own}:orders` };
const attached = (type: string, ...statements: unknown[]): Declared => ({
    type: `aws:${type}`,
    props: { policy: document(...statements) },
});
const queuePolicy = (...statements: object[]) =>
    attached("sqs/queuePolicy:QueuePolicy", ...statements.map((each) => ({ ...send, ...each })));
const key = (...statements: object[]) =>
    attached(
        "kms/key:Key",
        ...statements.map((each) => ({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*", ...each })),
    );
const judged = (rule: Rule, resource: Declared, accounts = [own]) =>
    withOwnAccounts(accounts, () => judge(rule, resource));

describe("resource-policy-no-wildcard-action", () => {
    const mend = "Name each action that the principal needs.";
    const root = { AWS: `arn:aws:iam::${own}:root` };

    it("takes named actions, denials, and the administration of a key by its account", async () => {
        for (const resource of [
            queuePolicy(
                { Principal: root, Action: ["sqs:SendMessage", "sqs:Get*"] },
                { Effect: "Deny", Principal: "*", Action: "sqs:*" },
            ),
            key({ Principal: root, Action: "kms:*" }),
            key({ Principal: { AWS: own }, Action: "kms:*" }),
        ]) {
            assert.deepEqual(await judged(noWildcard, resource), []);
        }
        assert.deepEqual(await judged(noWildcard, key({ Principal: root, Action: "kms:*" }), []), []);
    });

    for (const [title, action, resource] of [
        ["all of a service", "sqs:*", queuePolicy({ Principal: root, Action: ["sqs:SendMessage", "sqs:*"] })],
        ["everything", "*", queuePolicy({ Principal: root, Action: "*" })],
        [
            "all of a key for a role",
            "kms:*",
            key({ Principal: { AWS: `arn:aws:iam::${own}:role/a` }, Action: "kms:*" }),
        ],
        ["all of a key for another account", "kms:*", key({ Principal: { AWS: other }, Action: "kms:*" })],
        ["all of a key for two accounts", "kms:*", key({ Principal: { AWS: [own, other] }, Action: "kms:*" })],
        ["all of a key for everybody", "kms:*", key({ Principal: "*", Action: "kms:*" })],
    ] as [string, string, Declared][]) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(await judged(noWildcard, resource), [`it allows ${action} ${at}. ${mend} [${action}]`]);
        });
    }

    it("judges each statement, and does not take one that is known only after a deployment", async () => {
        assert.deepEqual(
            await judged(noWildcard, queuePolicy({ Action: UNKNOWN }, { Principal: root, Action: "sqs:*" })),
            [`it ${unknown("policy.Statement.0.Action")}`, `it allows sqs:* in statement 2 of policy. ${mend} [sqs:*]`],
        );
    });
});

describe("resource-policy-service-principal-source", () => {
    const mend =
        "Demand aws:SourceAccount, or aws:SourceArn with the account, beside the service; " +
        "for logs on a key, kms:EncryptionContext:aws:logs:arn.";
    const principal = { Service: "sns.amazonaws.com" };
    const logs = { Principal: { Service: "logs.eu-west-1.amazonaws.com" } };
    const context = (arn: string) => ({ Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": arn } } });

    it("takes services with a source, and other principals", async () => {
        for (const resource of [
            queuePolicy({
                Principal: principal,
                Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:sns:eu-west-1:${own}:orders` } },
            }),
            queuePolicy({ Principal: principal, Condition: { StringEquals: { "aws:SourceAccount": own } } }),
            queuePolicy({ Principal: { AWS: own } }, { Effect: "Deny", Principal: principal }),
            key({ ...logs, ...context(`arn:aws:logs:eu-west-1:${own}:log-group:*`) }),
        ]) {
            assert.deepEqual(await judge(source, resource), []);
        }
    });

    for (const [title, service, resource] of [
        ["no condition", "sns.amazonaws.com", queuePolicy({ Principal: principal })],
        [
            "a bucket alone",
            "sns.amazonaws.com",
            queuePolicy({ Principal: principal, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::b" } } }),
        ],
        [
            "any account",
            "sns.amazonaws.com",
            queuePolicy({ Principal: principal, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } } }),
        ],
        [
            "logs of any account",
            "logs.eu-west-1.amazonaws.com",
            key({ ...logs, ...context("arn:aws:logs:eu-west-1:*:log-group:*") }),
        ],
    ] as [string, string, Declared][]) {
        it(`refuses a service with ${title}`, async () => {
            assert.deepEqual(await judge(source, resource), [
                `it lets ${service} act for any account ${at}. ${mend} [${service}]`,
            ]);
        });
    }

    it("only advises on dev, and does not take a policy that is known only after a deployment", async () => {
        const [finding] = await analyze([source], queuePolicy({ Principal: principal }), "dev");
        assert.equal(finding.level, "advisory");
        const policy = { type: "aws:sqs/queuePolicy:QueuePolicy", props: { policy: UNKNOWN } };
        assert.deepEqual(await judge(source, policy), [`it ${unknown("policy")}`]);
    });
});

describe("resource-policy-no-not-principal", () => {
    it("takes NotPrincipal in denials alone", async () => {
        const others = { NotPrincipal: { AWS: own } };
        assert.deepEqual(
            await judge(noNotPrincipal, queuePolicy({ ...others, Effect: "Deny" }, { Principal: { AWS: own } })),
            [],
        );
        assert.deepEqual(
            await judge(noNotPrincipal, queuePolicy({ ...others, Sid: "Others" }, { NotPrincipal: UNKNOWN })),
            [
                "it allows all but a NotPrincipal in statement 1 (Others) of policy. " +
                    "Name principals with Principal instead of NotPrincipal. [Others]",
                "it allows all but a NotPrincipal in statement 2 of policy. " +
                    "Name principals with Principal instead of NotPrincipal. [statement 2]",
            ],
        );
    });

    it("does not take an effect that is known only after a deployment", async () => {
        assert.deepEqual(await judge(noNotPrincipal, queuePolicy({ Effect: UNKNOWN, NotPrincipal: "*" })), [
            `it ${unknown("policy.Statement.0.Effect")}`,
        ]);
    });
});

describe("resource-policy-cross-account", () => {
    const mend = "Remove the account from the policy, or add it to the rule's accounts.";
    const listed = { ...crossAccount, options: { accounts: { ...crossAccount.options!.accounts, prod: [other] } } };
    const refusal = (account: string, note = "") => `it lets in account ${account}${note} ${at}. ${mend} [${account}]`;

    it("takes the stack's own account, services, denials, and CloudFront's identities", async () => {
        for (const statement of [
            { Principal: { AWS: [own, `arn:aws:iam::${own}:role/a`], Service: "sns.amazonaws.com" } },
            { Principal: "*", Condition: { StringEquals: { "aws:PrincipalAccount": own } } },
            { Principal: { AWS: other }, Effect: "Deny" },
            { Principal: { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" } },
        ]) {
            assert.deepEqual(await judged(crossAccount, queuePolicy(statement)), []);
        }
    });

    for (const [title, statement] of [
        ["its number", { Principal: { AWS: other } }],
        ["a role beside one's own", { Principal: { AWS: [own, `arn:aws:iam::${other}:role/a`, other] } }],
        ["a condition", { Principal: "*", Condition: { StringEquals: { "aws:PrincipalAccount": [own, other] } } }],
        [
            "an ARN in a condition",
            { Principal: "*", Condition: { ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${other}:*` } } },
        ],
    ] as const) {
        it(`refuses another account by ${title}, and takes it when it is listed`, async () => {
            assert.deepEqual(await judged(crossAccount, queuePolicy(statement)), [refusal(other)]);
            assert.deepEqual(await judged(listed, queuePolicy(statement)), []);
        });
    }

    it("says so when no own account is known", async () => {
        assert.deepEqual(await judged(crossAccount, queuePolicy({ Principal: { AWS: own } }), []), [
            refusal(own, " (no own account is known, as aws:allowedAccountIds is not set)"),
        ]);
    });

    it("refuses principals that tell no account", async () => {
        const name = "Name the account, or the ARN of a role, as an AWS principal.";
        const principal = { CanonicalUser: "79a5", AWS: "AIDA1234567890ABCDEF0" };
        assert.deepEqual(await judged(crossAccount, queuePolicy({ Principal: principal })), [
            `it lets in AIDA1234567890ABCDEF0, which tells no account, ${at}. ${name} [AIDA1234567890ABCDEF0]`,
            `it lets in a canonical user, which tells no account, ${at}. ${name} [a canonical user]`,
        ]);
    });

    for (const action of [
        ...["s3:DeleteBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:PutEncryptionConfiguration"],
        "s3:PutObjectAcl",
    ]) {
        it(`never takes ${action} for an account that is listed`, async () => {
            const statement = {
                ...send,
                Principal: { AWS: other },
                Action: ["s3:GetObject", action.replace(/.$/, "*")],
            };
            assert.deepEqual(await judged(listed, attached("s3/bucketPolicy:BucketPolicy", statement)), [
                `it allows ${action} to account ${other} ${at}. Remove ${action} from what the other account may do. [${action}]`,
            ]);
        });
    }

    it("judges each statement, and does not take one that is known only after a deployment", async () => {
        assert.deepEqual(
            await judged(crossAccount, queuePolicy({ Principal: { AWS: UNKNOWN } }, { Principal: { AWS: other } })),
            [`it ${unknown("policy.Statement.0.Principal.AWS")}`, refusal(other).replace("statement 1", "statement 2")],
        );
    });
});
