import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType, statements } from "../support/plans";

// Proves what is asked of AWS, not that AWS accepts it.

const stacks = [
    { stack: "dev", account: "111111111111" },
    { stack: "prod", account: "222222222222" },
] as const;

for (const { stack, account } of stacks) {
    describe(`IAM of ${stack}`, () => {
        let plan: Plan;
        before(async () => {
            plan = await planOf(stack);
        });

        const ownLog = (functionName: string) => ({
            Sid: "WriteOwnLog",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `arn:aws:logs:eu-west-1:${account}:log-group:/aws/lambda/${functionName}:*`,
        });
        const traces = {
            Sid: "WriteTraces",
            Effect: "Allow",
            Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            Resource: "*",
        };
        const policyOf = (name: string) =>
            statements(resource(plan, "aws:iam/rolePolicy:RolePolicy", name).inputs.policy);

        it("lets the function of EventIngest write events and rejected events, its log and traces, and nothing else", () => {
            const bucket = `arn:aws:s3:::quartet-${stack}-events-${account}`;

            assert.deepEqual(policyOf("events-ingest-policy"), [
                ownLog(`quartet-${stack}-events-ingest`),
                traces,
                {
                    Sid: "WriteEvents",
                    Effect: "Allow",
                    Action: "s3:PutObject",
                    Resource: [`${bucket}/events/*`, `${bucket}/rejected/*`],
                },
            ]);
        });

        it("lets the function of ChallengeApi write its log and traces, and nothing else", () => {
            assert.deepEqual(policyOf("challenge-answer-policy"), [
                ownLog(`quartet-${stack}-challenge-answer`),
                traces,
            ]);
        });

        it("gives each function a role of its own, with one policy and nothing attached", () => {
            const functions = resourcesOfType(plan, "aws:lambda/function:Function");
            const policies = resourcesOfType(plan, "aws:iam/rolePolicy:RolePolicy");

            assert.equal(new Set(functions.map(({ inputs }) => inputs.role)).size, functions.length);
            for (const { inputs } of functions) {
                const roleName = String(inputs.role).split("/").at(-1);
                assert.equal(policies.filter((policy) => policy.inputs.role === roleName).length, 1, roleName);
            }
            assert.deepEqual(
                plan.resources.filter(({ type }) => /Attachment|PoliciesExclusive/.test(type)),
                [],
            );
            for (const role of resourcesOfType(plan, "aws:iam/role:Role")) {
                assert.equal(role.inputs.managedPolicyArns, undefined, role.name);
                assert.equal(role.inputs.inlinePolicies, undefined, role.name);
            }
        });

        it("lets only Lambda assume the functions' roles, and only API Gateway the role for its logs", () => {
            const principals = Object.fromEntries(
                resourcesOfType(plan, "aws:iam/role:Role").map(({ name, inputs }) => [
                    name,
                    statements(inputs.assumeRolePolicy),
                ]),
            );
            const trusted = (service: string) => [
                { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
            ];

            assert.deepEqual(principals, {
                "events-ingest-role": trusted("lambda.amazonaws.com"),
                "challenge-answer-role": trusted("lambda.amazonaws.com"),
                "api-logging-role": trusted("apigateway.amazonaws.com"),
            });
        });

        it("lets each API invoke its function by its own routes only", () => {
            const permissions = resourcesOfType(plan, "aws:lambda/permission:Permission").map(({ inputs }) => [
                inputs.function,
                inputs.principal,
                inputs.action,
                String(inputs.sourceArn).replace(/:[a-z0-9]{10}\//, ":<api>/"),
            ]);
            const api = `arn:aws:execute-api:eu-west-1:${account}:<api>/${stack}`;
            const invoke = ["apigateway.amazonaws.com", "lambda:InvokeFunction"];

            assert.deepEqual(permissions.sort(), [
                [`quartet-${stack}-challenge-answer`, ...invoke, `${api}/*/`],
                [`quartet-${stack}-challenge-answer`, ...invoke, `${api}/*/*`],
                [`quartet-${stack}-events-ingest`, ...invoke, `${api}/GET/openapi.json`],
                [`quartet-${stack}-events-ingest`, ...invoke, `${api}/OPTIONS/events`],
                [`quartet-${stack}-events-ingest`, ...invoke, `${api}/OPTIONS/openapi.json`],
                [`quartet-${stack}-events-ingest`, ...invoke, `${api}/POST/events`],
            ]);
        });

        it("opens the bucket to nobody and to no connection without TLS", () => {
            const bucket = `arn:aws:s3:::quartet-${stack}-events-${account}`;

            assert.deepEqual(
                statements(resource(plan, "aws:s3/bucketPolicy:BucketPolicy", "events-policy").inputs.policy),
                [
                    {
                        Sid: "TlsOnly",
                        Effect: "Deny",
                        Principal: "*",
                        Action: "s3:*",
                        Resource: [bucket, `${bucket}/*`],
                        Condition: { Bool: { "aws:SecureTransport": "false" } },
                    },
                ],
            );
        });
    });
}

describe("the customer key", () => {
    it("does not exist where AWS manages the keys", async () => {
        const plan = await planOf("dev");

        assert.deepEqual(
            plan.resources.filter(({ type }) => type.startsWith("aws:kms/")),
            [],
        );
    });

    it("may be used by the log groups and by EventIngest's function for its bucket through S3, and by nobody else", async () => {
        const plan = await planOf("prod");

        assert.deepEqual(statements(resource(plan, "aws:kms/key:Key", "encryption-key").inputs.policy), [
            {
                Sid: "Administration",
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::222222222222:root" },
                Action: "kms:*",
                Resource: "*",
            },
            {
                Effect: "Allow",
                Principal: { Service: "logs.eu-west-1.amazonaws.com" },
                Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                Resource: "*",
                Condition: {
                    ArnEquals: {
                        "kms:EncryptionContext:aws:logs:arn": [
                            "/aws/lambda/quartet-prod-events-ingest",
                            "/aws/apigateway/quartet-prod-events-api",
                            "/aws/lambda/quartet-prod-challenge-answer",
                            "/aws/apigateway/quartet-prod-challenge-api",
                        ].map((group) => `arn:aws:logs:eu-west-1:222222222222:log-group:${group}`),
                    },
                },
            },
            {
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::222222222222:role/quartet-prod-events-ingest" },
                Action: ["kms:GenerateDataKey"],
                Resource: "*",
                Condition: {
                    StringEquals: {
                        "kms:ViaService": "s3.eu-west-1.amazonaws.com",
                        "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::quartet-prod-events-222222222222",
                    },
                },
            },
        ]);
    });

    it("encrypts the bucket, every log group and every function's environment in prod", async () => {
        const plan = await planOf("prod");
        const { arn } = resource(plan, "aws:kms/key:Key", "encryption-key").outputs;

        const { rules } = resource(
            plan,
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "events-encryption",
        ).inputs;
        assert.deepEqual(rules, [
            {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: arn },
                bucketKeyEnabled: true,
            },
        ]);
        resourcesOfType(plan, "aws:cloudwatch/logGroup:LogGroup").forEach(({ name, inputs }) =>
            assert.equal(inputs.kmsKeyId, arn, name),
        );
        resourcesOfType(plan, "aws:lambda/function:Function").forEach(({ name, inputs }) =>
            assert.equal(inputs.kmsKeyArn, arn, name),
        );
    });
});
