import * as assert from "node:assert/strict";
import { rule as admin } from "../../../policy/rules/iam/iam-no-admin-statement";
import { rule as notElements } from "../../../policy/rules/iam/iam-no-not-action-not-resource";
import { rule as service } from "../../../policy/rules/iam/iam-no-service-wildcard-action";
import { rule as prefix } from "../../../policy/rules/iam/iam-no-wildcard-action-prefix";
import { IDENTITY_POLICY_TYPES } from "../../../policy/support/iam/documents";
import { allow, failsClosed, policyOf, refuses, takes } from "../support/iamStatements";
import { analyze, judge } from "../support/judge";

const QUEUE = "arn:aws:sqs:eu-west-1:111111111111:orders";

describe("iam-no-admin-statement", () => {
    takes(admin, {
        "an action on a resource": allow("sqs:SendMessage", QUEUE),
        "all actions on one resource, which another rule is about": allow("*", QUEUE),
        "an action on all resources, which another rule is about": allow("sqs:SendMessage", "*"),
        "all but some actions on one resource": { Effect: "Allow", NotAction: "sqs:*", Resource: QUEUE },
    });

    const everything = "allows all actions on all resources in statement 1 of policy [admin]";
    refuses(admin, {
        "everything on everything": [allow("*", "*"), everything],
        "it in lists": [allow(["sqs:SendMessage", "*"], [QUEUE, "*"]), everything],
        "it as *:*": [allow("*:*", "*"), everything],
        "it with several asterisks": [allow("**", "**"), everything],
        "it as an ARN of everything": [allow("*", "arn:aws:*:*:*:*"), everything],
        "it as an ARN that is cut off": [allow("*", "arn:*"), everything],
        "it under a condition": [allow("*", "*", { Bool: { "aws:MultiFactorAuthPresent": "true" } }), everything],
        "all but some actions": [
            { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
            "allows all but its NotAction on all resources in statement 1 of policy [admin]",
        ],
        "all but some resources": [
            { Effect: "Allow", Action: "*", NotResource: QUEUE },
            "allows all actions on all but its NotResource in statement 1 of policy [admin]",
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(admin, policyOf(allow("*", "*"))), [
            "orders allows all actions on all resources in statement 1 of policy. " +
                "Name the actions and resources that the workload uses in the statement's Action and Resource. [admin]",
        ]);
    });

    it("reads policies of all kinds of identities, inline policies, single statements and documents that are objects", async () => {
        const document = { Statement: allow("*", "*") };
        const found = await Promise.all(
            IDENTITY_POLICY_TYPES.map((type) =>
                judge(admin, { type, props: { policy: document, inlinePolicies: [{ policy: document }] } }),
            ),
        );

        assert.deepEqual(
            found.map((messages) => messages.map((message) => /of [\w[\].]+(?=\. Name)/.exec(message)?.[0])),
            IDENTITY_POLICY_TYPES.map((type) =>
                type === "aws:iam/role:Role" ? ["of inlinePolicies[0].policy"] : ["of policy"],
            ),
        );
    });

    failsClosed(admin, allow("*", "*"), "Resource");
});

describe("iam-no-service-wildcard-action", () => {
    takes(service, {
        "named actions": allow(["sqs:SendMessage", "S3:getobject"], "*"),
        "a prefix, which another rule is about": allow(["s3:Get*", "s3:*Object", "s3:Get?bject"], "*"),
        "a pattern of a certain length": allow("s3:????????", "*"),
    });

    for (const action of [
        "s3:*",
        "S3:*",
        "s3:**",
        "s3:?*",
        "s3:*?",
        "*",
        "**",
        "*:*",
        "s*:GetObject",
        "*:Get*",
        "s?s:*",
    ]) {
        refuses(service, {
            [`${action} on one resource`]: [
                allow(action, QUEUE),
                `allows ${action} in statement 1 of policy [${action}]`,
            ],
        });
    }

    it("says what to do, for each action", async () => {
        assert.deepEqual(await judge(service, policyOf({ ...allow(["s3:*", "sqs:Get*", "sqs:*"], "*"), Sid: "All" })), [
            "orders allows s3:* in statement 1 (All) of policy. Name each action that the workload calls. [s3:*]",
            "orders allows sqs:* in statement 1 (All) of policy. Name each action that the workload calls. [sqs:*]",
        ]);
    });

    failsClosed(service, allow("s3:*", QUEUE), "Action");

    it("judges an action although its resource is known only after a deployment", async () => {
        const { props, ...policy } = policyOf();
        const document = { Statement: allow("s3:*", "04da6b54-80e4-46f7-96ec-b56ff0331ba9") };
        const found = await judge(service, { ...policy, props: { ...props, policy: document } });

        assert.deepEqual(found, ["orders allows s3:* in statement 1 of policy. " + `${service.mend} [s3:*]`]);
    });
});

describe("iam-no-wildcard-action-prefix", () => {
    takes(prefix, {
        "patterns that read": allow(["ec2:Describe*", "s3:ListBucket*", "SQS:get*attributes", "dynamodb:Quer?"], "*"),
        "named actions": allow(["sqs:SendMessage", "iam:PassRole"], "*"),
        "a whole service, which another rule is about": allow(["s3:*", "*", "s3:?*", "*:Put*"], "*"),
    });

    refuses(prefix, {
        "one that writes": [
            allow("sqs:Send*", QUEUE),
            "allows sqs:Send* (such as sqs:SendMessage) in statement 1 of policy [sqs:Send*]",
        ],
        "one that changes permissions": [
            allow("SQS:add*", QUEUE),
            "allows SQS:add* (such as sqs:AddPermission) in statement 1 of policy [SQS:add*]",
        ],
        "one that tags": [
            allow("sqs:Tag?ueue", QUEUE),
            "allows sqs:Tag?ueue (such as sqs:TagQueue) in statement 1 of policy [sqs:Tag?ueue]",
        ],
        "one that reads and writes": [
            allow("kms:*Data*", QUEUE),
            "allows kms:*Data* (such as kms:GenerateDataKey) in statement 1 of policy [kms:*Data*]",
        ],
        "one of a service that AWS does not list": [
            allow("sqss:Get*", QUEUE),
            "allows sqss:Get*, of which AWS lists no action, in statement 1 of policy [sqss:Get*]",
        ],
    });

    it("says what to do, and only advises on dev", async () => {
        const [found] = await analyze([prefix], policyOf(allow("sqs:Send*", QUEUE)), "dev");

        assert.equal(
            found.message,
            "orders allows sqs:Send* (such as sqs:SendMessage) in statement 1 of policy. " +
                "Name each action that the workload calls. [sqs:Send*]",
        );
        assert.equal(found.level, "advisory");
    });

    failsClosed(prefix, allow("sqs:Send*", QUEUE), "Action");
});

describe("iam-no-not-action-not-resource", () => {
    const others = { Effect: "Allow", NotAction: "iam:*", Resource: QUEUE };

    takes(notElements, { "Action and Resource": allow("sqs:*", "*") });

    refuses(notElements, {
        NotAction: [others, "allows by NotAction in statement 1 of policy [NotAction]"],
        "an empty NotAction": [
            { ...others, NotAction: [] },
            "allows by NotAction in statement 1 of policy [NotAction]",
        ],
        "both together": [
            { Effect: "Allow", NotAction: "iam:*", NotResource: QUEUE },
            "allows by NotAction in statement 1 of policy [NotAction]",
            "allows by NotResource in statement 1 of policy [NotResource]",
        ],
    });

    it("reads the policies of resources, too, and says what to do", async () => {
        const policy = {
            Statement: { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", NotResource: QUEUE },
        };
        const found = await judge(notElements, { type: "aws:sqs/queuePolicy:QueuePolicy", props: { policy } });

        assert.deepEqual(found, [
            "it allows by NotResource in statement 1 of policy. Name what is allowed in Action and Resource, " +
                "and deny the rest in a statement of its own where needed. [NotResource]",
        ]);
    });

    it("needs no value to see the element", async () => {
        const Statement = { ...others, NotAction: ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"] };
        const found = await judge(notElements, { ...policyOf(), props: { policy: { Statement } } });

        assert.match(found.join("\n"), /^orders allows by NotAction in statement 1 of policy[^\n]*$/);
    });
});
