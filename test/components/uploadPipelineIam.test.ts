import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType, statements } from "../support/plans";
import { logAndTraces, policyOf, stacks, tlsOnly } from "./support/policies";

// Proves what is asked of AWS, not that AWS accepts it.

for (const { stack, account } of stacks) {
    describe(`IAM of UploadPipeline in ${stack}`, () => {
        let plan: Plan;
        before(async () => {
            plan = await planOf(stack);
        });

        const bucket = `arn:aws:s3:::quartet-${stack}-uploads-${account}`;
        const queue = `arn:aws:sqs:eu-west-1:${account}:quartet-${stack}-uploads-queue`;

        const connect = (action = "dsql:DbConnect") => ({
            Sid: "ConnectToDatabase",
            Effect: "Allow",
            Action: action,
            Resource: `arn:aws:dsql:eu-west-1:${account}:cluster/*`,
            Condition: { StringEquals: { "aws:ResourceTag/Name": `quartet-${stack}-uploads-database` } },
        });
        const lookAtArrivals = [
            { Sid: "LookAtArrivals", Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}/temp/*` },
            { Sid: "SeeWhatIsMissing", Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
        ];
        const queueFiles = { Sid: "QueueFiles", Effect: "Allow", Action: "sqs:SendMessage", Resource: queue };

        const may = (purpose: string, ...allowed: unknown[]) =>
            assert.deepEqual(policyOf(plan, `uploads-${purpose}`), [
                ...logAndTraces(account, `quartet-${stack}-uploads-${purpose}`),
                ...allowed,
            ]);

        it("lets the authorizer do nothing but write its log and traces", () => {
            may("authorize");
        });

        it("lets what announces files sign forms for temp/, and connect", () => {
            may(
                "request",
                { Sid: "ReceiveForms", Effect: "Allow", Action: "s3:PutObject", Resource: `${bucket}/temp/*` },
                connect(),
            );
        });

        it("lets what confirms, and what sweeps, look at temp/, queue and connect", () => {
            may("confirm", ...lookAtArrivals, queueFiles, connect());
            may("sweep", ...lookAtArrivals, queueFiles, connect());
        });

        it("lets what takes reports, and what tells the status, connect and no more", () => {
            may("update", connect());
            may("consult", connect());
        });

        it("lets what watches dead letters receive them, without deleting any, and connect", () => {
            may(
                "fail",
                {
                    Sid: "LookAtDeadLetters",
                    Effect: "Allow",
                    Action: "sqs:ReceiveMessage",
                    Resource: `${queue}-dead-letters`,
                },
                connect(),
            );
        });

        it("lets the migration alone connect as admin", () => {
            may("migrate", connect("dsql:DbConnectAdmin"));
            const admins = resourcesOfType(plan, "aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) =>
                /DbConnectAdmin|dsql:\*/.test(inputs.policy as string),
            );
            assert.deepEqual(
                admins.map(({ name }) => name),
                ["uploads-migrate-policy"],
            );
        });

        it("lets the worker move files, handle messages and report by one route, and not connect", () => {
            may(
                "promote",
                {
                    Sid: "ReadAndRemoveArrivals",
                    Effect: "Allow",
                    Action: ["s3:GetObject", "s3:DeleteObject"],
                    Resource: `${bucket}/temp/*`,
                },
                {
                    Sid: "WriteFiles",
                    Effect: "Allow",
                    Action: ["s3:PutObject", "s3:GetObject"],
                    Resource: `${bucket}/dest/*`,
                },
                { Sid: "SeeWhatIsMissing", Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
                {
                    Sid: "HandleMessages",
                    Effect: "Allow",
                    Action: [
                        ...["sqs:ReceiveMessage", "sqs:DeleteMessage"],
                        ...["sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
                    ],
                    Resource: queue,
                },
                {
                    Sid: "ReportStatus",
                    Effect: "Allow",
                    Action: "execute-api:Invoke",
                    Resource: `arn:aws:execute-api:eu-west-1:${account}:*/${stack}-uploads/POST/update-status`,
                },
            );
        });

        it("has the API refuse reports of everybody but the worker's role, and open its other routes by name", () => {
            const { body } = resource(plan, "aws:apigateway/restApi:RestApi", "uploads-api-rest").inputs;
            const route = (name: string) => `execute-api:/${stack}-uploads/${name}`;

            assert.deepEqual(JSON.parse(body as string)["x-amazon-apigateway-policy"], {
                Version: "2012-10-17",
                Statement: [
                    {
                        Sid: "OtherRoutes",
                        Effect: "Allow",
                        Principal: "*",
                        Action: "execute-api:Invoke",
                        Resource: [
                            ...["POST/upload", "POST/confirm-upload", "GET/consult-status", "GET/openapi.json"],
                            ...["OPTIONS/upload", "OPTIONS/confirm-upload", "OPTIONS/update-status"],
                            ...["OPTIONS/consult-status", "OPTIONS/openapi.json"],
                        ].map(route),
                    },
                    {
                        Sid: "NobodyElse",
                        Effect: "Deny",
                        Principal: "*",
                        Action: "execute-api:Invoke",
                        Resource: [route("POST/update-status")],
                        Condition: {
                            ArnNotEquals: {
                                "aws:PrincipalArn": [`arn:aws:iam::${account}:role/quartet-${stack}-uploads-promote`],
                            },
                        },
                    },
                ],
            });
            const worker = resource(plan, "aws:iam/role:Role", "uploads-promote-role");
            assert.equal(worker.outputs.arn, `arn:aws:iam::${account}:role/quartet-${stack}-uploads-promote`);
        });

        it("opens queues and bucket to nobody, and to no connection without TLS", () => {
            const policies = resourcesOfType(plan, "aws:sqs/queuePolicy:QueuePolicy")
                .filter(({ name }) => name.startsWith("uploads-"))
                .map(({ inputs }) => [String(inputs.queueUrl), statements(inputs.policy)]);
            const url = `https://sqs.eu-west-1.amazonaws.com/${account}/quartet-${stack}-uploads-queue`;

            assert.deepEqual(Object.fromEntries(policies), {
                [url]: tlsOnly("sqs", queue),
                [`${url}-dead-letters`]: tlsOnly("sqs", `${queue}-dead-letters`),
            });
            assert.deepEqual(
                statements(resource(plan, "aws:s3/bucketPolicy:BucketPolicy", "uploads-policy").inputs.policy),
                tlsOnly("s3", [bucket, `${bucket}/*`]),
            );
        });

        it("is what the program grants: no queue, bucket or cluster is opened by another resource", () => {
            const opening = /:(QueuePolicy|BucketPolicy|BucketAcl|AccessPoint|Grant|ClusterPolicy|RestApiPolicy)$/;

            const found = plan.resources.flatMap(({ type, name }) => (opening.test(type) ? [name] : []));
            assert.deepEqual(found.sort(), [
                ...(stack === "prod" ? ["access-logs-policy"] : []),
                "events-policy",
                ...(stack === "prod" ? ["orders-queue-dead-letters-policy", "orders-queue-policy"] : []),
                ...["uploads-policy", "uploads-queue-dead-letters-policy", "uploads-queue-policy"],
            ]);
        });
    });
}
