import * as assert from "node:assert/strict";
import { rule as crossAccount } from "../../../policy/rules/iam/iam-trust-cross-account";
import { rule as wildcard } from "../../../policy/rules/iam/iam-trust-no-wildcard-principal";
import { rule as confusedDeputy } from "../../../policy/rules/iam/iam-trust-service-confused-deputy";
import { document, role, trusting, unknown } from "../support/iamRoles";
import { analyze, judge, UNKNOWN } from "../support/judge";
import { withOwnAccounts } from "../support/ownAccounts";

const at = "in statement 1 of assumeRolePolicy";
const own = "111111111111";
const trust = (Principal: unknown, Condition?: object, more: object = {}) => ({
    ...{ Effect: "Allow", Action: "sts:AssumeRole" },
    ...(Principal !== undefined && { Principal }),
    ...(Condition && { Condition }),
    ...more,
});
const unknownTrust = role({ assumeRolePolicy: UNKNOWN });

describe("iam-trust-no-wildcard-principal", () => {
    const mend = "Name the service, or the ARNs of roles, in Principal of assumeRolePolicy.";
    const root = { AWS: `arn:aws:iam::${own}:root` };

    for (const [title, statement] of [
        ["a service", trust({ Service: "lambda.amazonaws.com" })],
        ["a role", trust({ AWS: [`arn:aws:iam::${own}:role/deploy`] })],
        ["nobody", trust("*", undefined, { Effect: "Deny" })],
        [
            "an account's roles by their names",
            trust(root, {
                ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/aws-reserved/sso.amazonaws.com/*` },
            }),
        ],
        ["an account with an external id", trust({ AWS: own }, { StringEquals: { "sts:ExternalId": "quartet" } })],
        ["an account's roles by a tag", trust({ AWS: own }, { StringEquals: { "aws:PrincipalTag/team": "orders" } })],
    ] as const) {
        it(`takes a role that trusts ${title}`, async () => {
            assert.deepEqual(await judge(wildcard, trusting(statement)), []);
        });
    }

    for (const [title, statement, fault, finding] of [
        ["everybody", trust("*"), "trusts everybody", "*"],
        ["everybody among others", trust({ AWS: [`arn:aws:iam::${own}:role/a`, "*"] }), "trusts everybody", "*"],
        [
            "everybody of an organization",
            trust({ AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-quartet" } }),
            ...["trusts everybody", "*"],
        ],
        ["any provider", trust({ Federated: "*" }), "trusts everybody", "*"],
        [
            "all but some",
            trust(undefined, undefined, { NotPrincipal: { AWS: own } }),
            "trusts all but a NotPrincipal",
            "statement 1",
        ],
        ["an account by its number", trust({ AWS: own }), `trusts all of ${own}`, own],
        ["an account by its root", trust(root), `trusts all of ${root.AWS}`, root.AWS],
        [
            "an account with any of its roles",
            trust(root, { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/*` } }),
            ...[`trusts all of ${root.AWS}`, root.AWS],
        ],
        [
            "an account with an external id that may be missing",
            trust({ AWS: own }, { StringEqualsIfExists: { "sts:ExternalId": "quartet" } }),
            ...[`trusts all of ${own}`, own],
        ],
    ] as [string, object, string, string][]) {
        it(`refuses a role that trusts ${title}`, async () => {
            assert.deepEqual(await judge(wildcard, trusting(statement)), [`role ${fault} ${at}. ${mend} [${finding}]`]);
        });
    }

    it("judges each statement, and does not take one that is known only after a deployment", async () => {
        const statements = [trust({ AWS: UNKNOWN }), trust("*")];
        assert.deepEqual(await judge(wildcard, trusting(...statements)), [
            `role ${unknown("assumeRolePolicy.Statement.0.Principal.AWS")}`,
            `role trusts everybody in statement 2 of assumeRolePolicy. ${mend} [*]`,
        ]);
        assert.deepEqual(await judge(wildcard, unknownTrust), [`role ${unknown("assumeRolePolicy")}`]);
    });
});

describe("iam-trust-service-confused-deputy", () => {
    const mend = "Demand aws:SourceAccount, or aws:SourceArn with the account, in assumeRolePolicy.";
    const scheduler = "scheduler.amazonaws.com";
    const queue = `arn:aws:sqs:eu-west-1:${own}:orders`;

    for (const [title, principal, condition] of [
        ["a service that tells no source", { Service: ["lambda.amazonaws.com", "ec2.amazonaws.com.cn"] }, undefined],
        ["a service for an account", { Service: scheduler }, { StringEquals: { "AWS:SourceAccount": own } }],
        [
            "a service for an ARN with wildcards",
            { Service: scheduler },
            { ArnLike: { "aws:SourceArn": `arn:aws:scheduler:*:${own}:*` } },
        ],
        ["a service for an organization", { Service: scheduler }, { StringEquals: { "aws:SourceOrgID": "o-quartet" } }],
        [
            "a service for a bucket of an account",
            { Service: "s3.amazonaws.com" },
            { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::b" }, StringEquals: { "aws:SourceAccount": own } },
        ],
        ["a role", { AWS: `arn:aws:iam::${own}:role/a` }, undefined],
    ] as const) {
        it(`takes a role that trusts ${title}`, async () => {
            assert.deepEqual(await judge(confusedDeputy, trusting(trust(principal, condition))), []);
        });
    }

    for (const [title, condition] of [
        ["no condition", undefined],
        ["any account", { StringLike: { "aws:SourceAccount": "*" } }],
        ["the caller's own account", { StringEquals: { "aws:SourceAccount": "${aws:PrincipalAccount}" } }],
        ["an account that may be missing", { StringEqualsIfExists: { "aws:SourceAccount": own } }],
        ["all values of a set that may be empty", { "ForAllValues:StringEquals": { "aws:SourceAccount": own } }],
        ["a denial's operator", { StringNotEquals: { "aws:SourceAccount": own } }],
        ["ARNs of any account", { ArnLike: { "aws:SourceArn": "arn:aws:scheduler:*:*:schedule/orders" } }],
        ["a bucket", { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::b" } }],
        ["a bucket beside a queue", { ArnEquals: { "aws:SourceArn": [queue, "arn:aws:s3:::b"] } }],
        ["another key", { StringEquals: { "aws:PrincipalAccount": own } }],
    ] as const) {
        it(`refuses a role that trusts a service with ${title}`, async () => {
            const principal = { Service: [scheduler, "lambda.amazonaws.com"] };
            assert.deepEqual(await judge(confusedDeputy, trusting(trust(principal, condition))), [
                `role trusts ${scheduler} for any account ${at}. ${mend} [${scheduler}]`,
            ]);
        });
    }

    it("only advises on dev, and does not take a policy that is known only after a deployment", async () => {
        const [finding] = await analyze([confusedDeputy], trusting(trust({ Service: scheduler })), "dev");
        assert.equal(finding.level, "advisory");
        assert.deepEqual(await judge(confusedDeputy, unknownTrust), [`role ${unknown("assumeRolePolicy")}`]);
    });
});

describe("iam-trust-cross-account", () => {
    const mend = "Remove the account from assumeRolePolicy, or add it to the rule's accounts.";
    const other = "333333333333";
    const listed = { ...crossAccount, options: { accounts: { ...crossAccount.options!.accounts, prod: [other] } } };
    const judged = (statement: object, rule = crossAccount, accounts = [own]) =>
        withOwnAccounts(accounts, () => judge(rule, trusting(statement)));

    it("takes a role of the stack's own account, services and providers", async () => {
        const providers = { Federated: `arn:aws:iam::${other}:oidc-provider/x`, Service: "lambda.amazonaws.com" };
        for (const principal of [{ AWS: own }, { AWS: `arn:aws:sts::${own}:assumed-role/a/b` }, "*", providers]) {
            assert.deepEqual(await judged(trust(principal)), []);
        }
    });

    it("refuses another account, however it is written", async () => {
        for (const AWS of [other, `arn:aws:iam::${other}:role/a`, `arn:aws:iam::${other}:root`]) {
            const condition = { StringEquals: { "sts:ExternalId": "quartet" } };
            assert.deepEqual(await judged(trust({ AWS: [own, AWS] }, condition)), [
                `role trusts account ${other} ${at}. ${mend} [${other}]`,
            ]);
        }
    });

    it("says so when no own account is known", async () => {
        assert.deepEqual(await judged(trust({ AWS: own }), crossAccount, []), [
            `role trusts account ${own} (no own account is known, as aws:allowedAccountIds is not set) ${at}. ${mend} [${own}]`,
        ]);
    });

    it("refuses a principal that tells no account", async () => {
        const id = "AROA1234567890ABCDEF0";
        assert.deepEqual(await judged(trust({ AWS: id })), [
            `role trusts ${id}, which tells no account, ${at}. Name the account, or the ARN of a role, as an AWS principal. [${id}]`,
        ]);
    });

    it("takes an account that is listed, with an external id or an organization", async () => {
        for (const condition of [
            { StringEquals: { "sts:ExternalId": "quartet" } },
            { StringEquals: { "aws:PrincipalOrgID": "o-quartet" } },
            { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-quartet/r-1/*" } },
        ]) {
            assert.deepEqual(await judged(trust({ AWS: other }, condition), listed), []);
        }
        for (const condition of [undefined, { StringLike: { "aws:PrincipalOrgID": "o-*" } }]) {
            assert.deepEqual(await judged(trust({ AWS: other }, condition), listed), [
                `role trusts account ${other} without an external id or organization ${at}. ` +
                    `Demand sts:ExternalId or aws:PrincipalOrgID with StringEquals in assumeRolePolicy. [${other}]`,
            ]);
        }
    });

    it("judges each statement, and does not take one that is known only after a deployment", async () => {
        const policy = document(trust({ AWS: UNKNOWN }), trust({ AWS: other }));
        const found = await withOwnAccounts([own], () => judge(crossAccount, role({ assumeRolePolicy: policy })));
        assert.deepEqual(found, [
            `role ${unknown("assumeRolePolicy.Statement.0.Principal.AWS")}`,
            `role trusts account ${other} in statement 2 of assumeRolePolicy. ${mend} [${other}]`,
        ]);
    });
});
