import * as assert from "node:assert/strict";
import { rule as valid } from "../../../policy/rules/iam/iam-policy-document-valid";
import { allow, document, role, rolePolicy, trusting, unknownRolePolicy, unknown } from "../support/iamRoles";
import { judge, UNKNOWN, type Declared } from "../support/judge";

const topic = "arn:aws:sns:eu-west-1:111111111111:orders";
const resourcePolicy = (...statements: unknown[]): Declared => ({
    type: "aws:sns/topicPolicy:TopicPolicy",
    props: { policy: document(...statements) },
});
const everybody = { Principal: "*" };
const mend = "Correct the document.";

describe("iam-policy-document-valid", () => {
    for (const [title, resource] of [
        ["an identity policy", rolePolicy(allow("s3:GetObject", "arn:aws:s3:::b/*"), allow(["SQS:send*"], "*"))],
        [
            "one with a single statement",
            {
                ...rolePolicy(),
                props: { policy: { ...document(), Statement: allow("*", ["*"]) } },
            },
        ],
        [
            "one with all but actions and resources",
            rolePolicy({ Effect: "Deny", NotAction: ["iam:*"], NotResource: "arn:aws:s3:::b" }),
        ],
        ["inline policies", role({ inlinePolicies: [{}, { policy: document(allow("s3:List*", "arn:aws:s3:*")) }] })],
        [
            "a trust policy",
            trusting(
                { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
                {
                    Effect: "Allow",
                    Principal: { AWS: ["111111111111", "arn:aws:iam::111111111111:root"] },
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                },
                {
                    Effect: "Allow",
                    Principal: { Federated: "cognito-identity.amazonaws.com" },
                    Action: "sts:AssumeRoleWithWebIdentity",
                },
            ),
        ],
        [
            "a resource policy",
            resourcePolicy(
                allow("sns:Publish", topic, {
                    ...everybody,
                    Sid: "Any sender",
                    Condition: { ArnLike: { "AWS:SourceArn": `${topic}*` }, Bool: { "aws:SecureTransport": true } },
                }),
            ),
        ],
        [
            "conditions of all kinds",
            rolePolicy(
                allow("s3:GetObject", "*", {
                    Condition: {
                        "ForAnyValue:StringLike": { "aws:TagKeys": ["a*"] },
                        NumericLessThanIfExists: { "s3:max-keys": 10 },
                        StringEquals: {
                            "aws:PrincipalTag/team": "${aws:username}",
                            "token.actions.githubusercontent.com:sub": "x",
                        },
                        Null: { "aws:RequestTag/a": "True" },
                    },
                }),
            ),
        ],
        [
            "a short resource of an API",
            {
                type: "aws:apigateway/restApiPolicy:RestApiPolicy",
                props: { policy: document(allow("execute-api:Invoke", "execute-api:/*", everybody)) },
            },
        ],
        [
            "a repository's policy without a resource",
            {
                type: "aws:ecr/repositoryPolicy:RepositoryPolicy",
                props: {
                    policy: document({
                        Effect: "Allow",
                        Action: "ecr:BatchGetImage",
                        Principal: { AWS: "AROA1234567890ABCDEF0" },
                    }),
                },
            },
        ],
        ["no document", { type: "aws:sqs/queue:Queue", props: {} }],
    ] as [string, Declared][]) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(valid, resource), []);
        });
    }

    it("refuses a document of another version, or of none", async () => {
        for (const Version of ["2008-10-17", undefined]) {
            const policy = JSON.stringify({ Version, Statement: allow("s3:GetObject", "*") });
            assert.deepEqual(await judge(valid, { ...rolePolicy(), props: { policy } }), [
                'own has another Version than 2012-10-17 in policy. Set Version to "2012-10-17": ' +
                    "the older one knows no variables. [Version]",
            ]);
        }
    });

    it("judges all else beside what can't be read, and takes an unknown Sid", async () => {
        const statements = [allow("s3:Nothing", UNKNOWN, { Sid: UNKNOWN }), allow("s3:Never", "*")];
        assert.deepEqual(await judge(valid, role({ inlinePolicies: [{ policy: document(...statements) }] })), [
            `role names s3:Nothing, which AWS does not list, in statement 1 of inlinePolicies[0].policy. ${mend} [s3:Nothing]`,
            `role ${unknown("inlinePolicies.0.policy.Statement.0.Resource")}`,
            `role names s3:Never, which AWS does not list, in statement 2 of inlinePolicies[0].policy. ${mend} [s3:Never]`,
        ]);
        assert.deepEqual(await judge(valid, unknownRolePolicy), [`own ${unknown("policy")}`]);
    });
});
