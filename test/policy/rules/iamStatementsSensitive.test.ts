import * as assert from "node:assert/strict";
import { rule as decrypt } from "../../../policy/rules/iam/iam-kms-decrypt-scoped";
import { rule as credentials } from "../../../policy/rules/iam/iam-no-credentials-exposure";
import { rule as exfiltration } from "../../../policy/rules/iam/iam-no-data-exfiltration";
import { rule as permissions } from "../../../policy/rules/iam/iam-no-permissions-management";
import { allow, failsClosed, policyOf, refuses, takes } from "../support/iamStatements";
import { judge } from "../support/judge";

const ROLE = "arn:aws:iam::111111111111:role/orders";
const KEY = "arn:aws:kms:eu-west-1:111111111111:key/0ab1";
const tag = { StringEquals: { "aws:ResourceTag/Name": "orders" } };

describe("iam-no-permissions-management", () => {
    takes(permissions, {
        "an action on a named role": allow("iam:PutRolePolicy", ROLE),
        "an action on part of an id, which another rule is about": allow("iam:PutRolePolicy", `${ROLE}-*`),
        "an action on what has a literal tag": allow("kms:CreateGrant", "*", tag),
        "actions that change no permissions": allow(["sqs:SendMessage", "s3:PutObject", "iam:Get*", "a:Typo"], "*"),
    });

    const on = (what: string, element: string, finding: string) =>
        `allows ${what} on ${element} in statement 1 of policy [${finding}]`;
    refuses(permissions, {
        "an action on everything": [
            allow(["IAM:putrolepolicy", "s3:GetObject", "kms:CreateGrant"], "*"),
            on("IAM:putrolepolicy", "*", "IAM:putrolepolicy"),
            on("kms:CreateGrant", "*", "kms:CreateGrant"),
        ],
        "an action on all roles": [
            allow("iam:PutRolePolicy", "arn:aws:iam::111111111111:role/*"),
            on("iam:PutRolePolicy", "arn:aws:iam::111111111111:role/*", "iam:PutRolePolicy"),
        ],
        "patterns that cover one": [
            allow(["sqs:*Permission", "*"], "*"),
            on("sqs:*Permission (such as sqs:AddPermission)", "*", "sqs:*Permission"),
            on("*", "*", "*"),
        ],
        "all but some actions": [
            { Effect: "Allow", NotAction: "s3:*", Resource: "*" },
            on("all but its NotAction", "*", "NotAction"),
        ],
        "all but some resources": [
            { Effect: "Allow", Action: "sqs:AddPermission", NotResource: "arn:aws:sqs:eu-west-1:111111111111:orders" },
            on("sqs:AddPermission", "all but its NotResource", "sqs:AddPermission"),
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(permissions, policyOf(allow("iam:PutRolePolicy", "*"))), [
            "orders allows iam:PutRolePolicy on * in statement 1 of policy. " +
                "Leave the action to the deployment, or name ARNs in the statement's Resource. [iam:PutRolePolicy]",
        ]);
    });

    failsClosed(permissions, allow("iam:PutRolePolicy", "*"), "Resource");
});

describe("iam-no-credentials-exposure", () => {
    takes(credentials, {
        "logging in to a registry": allow("ecr:GetAuthorizationToken", "*"),
        "a named role": allow("sts:AssumeRole", ROLE),
        "actions that return none": allow(["sts:GetCallerIdentity", "iam:Get*"], "*"),
        "an action on resources of another kind": allow("rds-db:connect", "arn:aws:rds:eu-west-1:111111111111:db:*"),
    });

    refuses(credentials, {
        "one on everything": [
            allow(["IAM:createaccesskey", "ecr:GetAuthorizationToken"], "*"),
            "allows IAM:createaccesskey on * in statement 1 of policy [IAM:createaccesskey]",
        ],
        "one on all users of databases": [
            allow("rds-db:connect", "arn:aws:rds-db:eu-west-1:111111111111:dbuser:*/*"),
            "allows rds-db:connect on arn:aws:rds-db:eu-west-1:111111111111:dbuser:*/* in statement 1 of policy [rds-db:connect]",
        ],
        "patterns that cover one": [
            allow(["sts:Get*", "ecr*:Get*"], "*"),
            "allows sts:Get* (such as sts:GetFederationToken) on * in statement 1 of policy [sts:Get*]",
            "allows ecr*:Get* (such as ecr-public:GetAuthorizationToken) on * in statement 1 of policy [ecr*:Get*]",
        ],
        "all but some actions": [
            { Effect: "Allow", NotAction: ["airflow:*", "appsync:*"], Resource: "*" },
            "allows all but its NotAction (such as chime:CreateApiKey) on * in statement 1 of policy [NotAction]",
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(credentials, policyOf(allow("iam:CreateAccessKey", "*"))), [
            "orders allows iam:CreateAccessKey on * in statement 1 of policy. " +
                "Remove the action, or name ARNs in the statement's Resource. [iam:CreateAccessKey]",
        ]);
    });

    failsClosed(credentials, allow("iam:CreateAccessKey", "*"), "Resource");
});

describe("iam-no-data-exfiltration", () => {
    takes(exfiltration, {
        "objects of a bucket": allow("s3:GetObject", "arn:aws:s3:::orders/*"),
        "a parameter": allow("ssm:GetParameter*", "arn:aws:ssm:eu-west-1:111111111111:parameter/orders/url"),
        "what has a literal tag": allow("secretsmanager:GetSecretValue", "*", tag),
        "actions that read no data": allow(["s3:ListBucket", "ssm:DescribeParameters", "s3:PutObject"], "*"),
        "all but such actions": {
            Effect: "Allow",
            NotAction: ["s3:Get*", "ssm:*", "secretsmanager:*"],
            Resource: "*",
        },
    });

    const on = (what: string, element: string, finding: string) =>
        `allows ${what} on ${element} in statement 1 of policy [${finding}]`;
    for (const [action, element] of [
        ...[["s3:GetObject", "arn:aws:s3:::*"] as const, ["s3:GetObjectVersion", "arn:aws:s3:::*/*"] as const],
        ...["ssm:GetParameter", "ssm:getparametersbypath"].map(
            (each) => [each, "arn:aws:ssm:*:*:parameter/*"] as const,
        ),
        ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:*"] as const,
        ["ssm:GetParameterHistory", "*"] as const,
    ]) {
        refuses(exfiltration, { [`${action} on ${element}`]: [allow(action, element), on(action, element, action)] });
    }
    refuses(exfiltration, {
        "a pattern that covers one": [
            allow("s3:Get*", "*", { StringEquals: { "aws:ResourceAccount": "111111111111" } }),
            on("s3:Get* (such as s3:GetObject)", "*", "s3:Get*"),
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(exfiltration, policyOf(allow("s3:GetObject", "*"))), [
            "orders allows s3:GetObject on * in statement 1 of policy. " +
                "Name the ARNs of the bucket, parameters or secrets in the statement's Resource. [s3:GetObject]",
        ]);
    });

    failsClosed(exfiltration, allow("s3:GetObject", "*"), "Resource");
});

describe("iam-kms-decrypt-scoped", () => {
    takes(decrypt, {
        "a named key": allow(["kms:Decrypt", "kms:ReEncryptFrom"], KEY),
        "actions that don't decrypt": allow(["kms:Encrypt", "kms:ReEncryptTo"], "*"),
        "resources that are no keys": allow(["kms:Decrypt", "s3:GetObject"], [KEY, "arn:aws:s3:::*"]),
    });

    const on = (what: string, element: string, finding: string) =>
        `allows ${what} on ${element} in statement 1 of policy [${finding}]`;
    const alias = { StringEquals: { "kms:ResourceAliases": "alias/orders" } };
    for (const element of ["*", "arn:aws:kms:*:*:key/*", "arn:aws:kms:eu-west-1:111111111111:*", "arn:aws:kms"]) {
        refuses(decrypt, {
            [`${element}, whatever the conditions`]: [
                allow("KMS:decrypt", element, alias),
                on("KMS:decrypt", element, "KMS:decrypt"),
            ],
        });
    }
    refuses(decrypt, {
        "a pattern that covers one": [
            allow("kms:ReEncrypt*", "*", tag),
            on("kms:ReEncrypt* (such as kms:ReEncryptFrom)", "*", "kms:ReEncrypt*"),
        ],
        "all but a key, whatever the conditions": [
            { Effect: "Allow", Action: "kms:Decrypt", NotResource: KEY, Condition: alias },
            on("kms:Decrypt", "all but its NotResource", "kms:Decrypt"),
        ],
        "all but other actions and a key": [
            { Effect: "Allow", NotAction: "s3:*", NotResource: KEY },
            on("all but its NotAction (such as kms:Decrypt)", "all but its NotResource", "NotAction"),
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(decrypt, policyOf(allow("kms:Decrypt", "*"))), [
            "orders allows kms:Decrypt on * in statement 1 of policy. Name the ARNs of the keys in the statement's " +
                "Resource, or allow it in the key's own policy. [kms:Decrypt]",
        ]);
    });

    failsClosed(decrypt, allow("kms:Decrypt", "*"), "Resource");
});
