import * as assert from "node:assert/strict";
import { rule as valid } from "../../../policy/rules/iam/iam-policy-document-valid";
import { allow, document, rolePolicy, trusting } from "../support/iamRoles";
import { judge, type Declared } from "../support/judge";

const topic = "arn:aws:sns:eu-west-1:111111111111:orders";
const resourcePolicy = (...statements: unknown[]): Declared => ({
    type: "aws:sns/topicPolicy:TopicPolicy",
    props: { policy: document(...statements) },
});
const everybody = { Principal: "*" };
const mend = "Correct the document.";

describe("iam-policy-document-valid", () => {
    const identity = (statement: object) => rolePolicy({ ...allow("s3:GetObject", "*"), ...statement });
    const trust = (statement: object) =>
        trusting({
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: "sts:AssumeRole",
            ...statement,
        });
    const topics = (statement: object) => resourcePolicy({ ...allow("sns:Publish", topic, everybody), ...statement });
    const condition = (Condition: object) => identity({ Condition });
    const at = "statement 1 of policy";
    for (const [title, resource, fault, finding] of [
        [
            "text that is no JSON",
            { ...rolePolicy(), props: { policy: "{" } },
            "could not be judged: policy is no JSON",
            "unreadable",
        ],
        [
            "a list",
            { ...rolePolicy(), props: { policy: "[]" } },
            "could not be judged: policy is no policy document",
            "unreadable",
        ],
        ["no statement", rolePolicy(), "could not be judged: policy has no statement", "unreadable"],
        [
            "another effect",
            identity({ Effect: "allow" }),
            `could not be judged: ${at} has no effect Allow or Deny`,
            "unreadable",
        ],
        ["an unknown element", identity({ Actions: [] }), `has the unknown element Actions in ${at}`, "Actions"],
        [
            "an unknown element at its top",
            { ...rolePolicy(), props: { policy: { ...document(allow("s3:GetObject", "*")), Statements: [] } } },
            "has the unknown element Statements in policy",
            "Statements",
        ],
        [
            "an action that is none",
            identity({ Action: "GetObject" }),
            `names GetObject, which is no action, in ${at}`,
            "GetObject",
        ],
        [
            "an action of any service",
            identity({ Action: "s*:GetObject" }),
            `names s*:GetObject, which is no action, in ${at}`,
            "s*:GetObject",
        ],
        [
            "an action of an unknown service",
            identity({ Action: "s4:GetObject" }),
            `names s4:GetObject of a service that AWS does not list, in ${at}`,
            "s4:GetObject",
        ],
        [
            "an unknown action",
            identity({ Action: "s3:ReadObject" }),
            `names s3:ReadObject, which AWS does not list, in ${at}`,
            "s3:ReadObject",
        ],
        [
            "a pattern of no action",
            identity({ Action: "s3:Read*" }),
            `names s3:Read*, which AWS does not list, in ${at}`,
            "s3:Read*",
        ],
        [
            "both kinds of actions",
            identity({ NotAction: "s3:GetObject" }),
            `has not one of Action and NotAction in ${at}`,
            "Action",
        ],
        ["an empty list of actions", identity({ Action: [] }), `has an empty Action in ${at}`, "Action"],
        [
            "a resource that is no ARN",
            identity({ Resource: "bucket/*" }),
            `names bucket/*, which is no ARN, in ${at}`,
            "bucket/*",
        ],
        [
            "an ARN that is too short",
            identity({ Resource: "arn:aws:s3:b" }),
            `names arn:aws:s3:b, which is no ARN, in ${at}`,
            "arn:aws:s3:b",
        ],
        [
            "a short resource of another service",
            identity({ Resource: "execute-api:/*" }),
            `names execute-api:/*, which is no ARN, in ${at}`,
            "execute-api:/*",
        ],
        [
            "no resource",
            rolePolicy({ Effect: "Allow", Action: "s3:GetObject" }),
            `has not one of Resource and NotResource in ${at}`,
            "Resource",
        ],
        [
            "a principal of an identity policy",
            identity(everybody),
            `has Principal in ${at}, where it can't be`,
            "Principal",
        ],
        [
            "a resource of a trust policy",
            trust({ Resource: "*" }),
            "has Resource in statement 1 of assumeRolePolicy, where it can't be",
            "Resource",
        ],
        [
            "another action of a trust policy",
            trust({ Action: "s3:GetObject" }),
            "names s3:GetObject, which no trust policy can allow, in statement 1 of assumeRolePolicy",
            "s3:GetObject",
        ],
        [
            "no principal",
            resourcePolicy(allow("sns:Publish", topic)),
            `has not one of Principal and NotPrincipal in ${at}`,
            "Principal",
        ],
        [
            "a kind of principal that is none",
            topics({ Principal: { Aws: "*" } }),
            "could not be judged: a principal is of no kind that IAM knows",
            "unreadable",
        ],
        [
            "roles with a wildcard",
            topics({ Principal: { AWS: "arn:aws:iam::111111111111:role/*" } }),
            `names arn:aws:iam::111111111111:role/*, which is no principal, in ${at}`,
            "arn:aws:iam::111111111111:role/*",
        ],
        ["any service", topics({ Principal: { Service: "*" } }), `names *, which is no principal, in ${at}`, "*"],
        [
            "a service without a domain",
            topics({ Principal: { Service: "lambda" } }),
            `names lambda, which is no principal, in ${at}`,
            "lambda",
        ],
        [
            "an unknown operator",
            condition({ StringEqual: { "aws:SourceArn": "x" } }),
            `compares aws:sourcearn by StringEqual, which is no operator, in ${at}`,
            "StringEqual",
        ],
        [
            "an unknown global key",
            condition({ StringEquals: { "aws:SourceAcount": "x" } }),
            `has a condition on aws:sourceacount, which is no key that AWS lists, in ${at}`,
            "aws:sourceacount",
        ],
        [
            "a key without a service",
            condition({ StringEquals: { SourceArn: "x" } }),
            `has a condition on sourcearn, which is no key that AWS lists, in ${at}`,
            "sourcearn",
        ],
        [
            "a key without values",
            condition({ StringEquals: { "aws:SourceArn": [] } }),
            `compares aws:sourcearn with no value, in ${at}`,
            "aws:sourcearn",
        ],
        [
            "wildcards that are taken literally",
            condition({ StringNotEquals: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/a*" } }),
            `compares aws:principalarn by StringNotEquals, which takes wildcards for characters, in ${at}`,
            "aws:principalarn",
        ],
        [
            "a Bool of another value",
            condition({ Bool: { "aws:SecureTransport": "no" } }),
            `compares aws:securetransport by Bool with another value than true and false, in ${at}`,
            "aws:securetransport",
        ],
        [
            "a Sid with a space",
            identity({ Sid: "Read it" }),
            "has a Sid of other characters than letters and digits in policy",
            "Read it",
        ],
        [
            "a Sid twice",
            resourcePolicy(...["a", "a"].map((Sid) => allow("sns:Publish", topic, { ...everybody, Sid }))),
            "has several statements with the Sid a in policy",
            "a",
        ],
    ] as [string, Declared, string, string][]) {
        it(`refuses a document with ${title}`, async () => {
            assert.deepEqual(await judge(valid, resource), [`${resource.name ?? "it"} ${fault}. ${mend} [${finding}]`]);
        });
    }
});
