import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType, statements } from "../support/plans";
import { logAndTraces, policyOf, stacks, tlsOnly } from "./support/policies";

// Proves what is asked of AWS, not that AWS accepts it.

const FUNCTIONS = [
    ...["challenge-answer", "events-ingest", "uploads-authorize"],
    ...["request", "confirm", "update", "consult", "fail", "sweep", "migrate", "promote"].map((of) => `uploads-${of}`),
    ...["authorize", "create", "replace", "list", "get", "delete", "stopped", "sweep"].map((of) => `orders-${of}`),
];

for (const { stack, account } of stacks) {
    describe(`IAM of ${stack}`, () => {
        let plan: Plan;
        before(async () => {
            plan = await planOf(stack);
        });

        it("lets the function of EventIngest write events and rejected events, its log and traces, and nothing else", () => {
            const bucket = `arn:aws:s3:::quartet-${stack}-events-${account}`;

            assert.deepEqual(policyOf(plan, "events-ingest"), [
                ...logAndTraces(account, `quartet-${stack}-events-ingest`),
                {
                    Sid: "WriteEvents",
                    Effect: "Allow",
                    Action: "s3:PutObject",
                    Resource: [`${bucket}/events/*`, `${bucket}/rejected/*`],
                },
            ]);
        });

        it("lets the function of ChallengeApi write its log and traces, and nothing else", () => {
            assert.deepEqual(
                policyOf(plan, "challenge-answer"),
                logAndTraces(account, `quartet-${stack}-challenge-answer`),
            );
        });

        it("gives each function a role of its own, with one policy and nothing attached", () => {
            const functions = resourcesOfType(plan, "aws:lambda/function:Function");
            const policies = resourcesOfType(plan, "aws:iam/rolePolicy:RolePolicy");

            assert.deepEqual(
                functions.map(({ name }) => name).sort(),
                FUNCTIONS.map((name) => `${name}-function`).sort(),
            );
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

        it("lets only the service that needs it assume each role", () => {
            const principals = Object.fromEntries(
                resourcesOfType(plan, "aws:iam/role:Role").map(({ name, inputs }) => [
                    name,
                    statements(inputs.assumeRolePolicy),
                ]),
            );
            const trusted = (service: string, of?: string) => [
                {
                    ...{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
                    ...(of && { Condition: { StringEquals: { "aws:SourceAccount": of } } }),
                },
            ];

            assert.deepEqual(principals, {
                ...Object.fromEntries(FUNCTIONS.map((name) => [`${name}-role`, trusted("lambda.amazonaws.com")])),
                "api-logging-role": trusted("apigateway.amazonaws.com"),
                "orders-process-role": trusted("ecs-tasks.amazonaws.com", account),
                "orders-process-execution": trusted("ecs-tasks.amazonaws.com", account),
                ...(stack === "prod" && {
                    "orders-network-flow-log-role": trusted("vpc-flow-logs.amazonaws.com", account),
                }),
            });
        });

        it("lets each API invoke a function by its own routes only", () => {
            const permitted = permissionsOf(plan, "apigateway.amazonaws.com");
            const sources = (functionName: string, ...paths: string[]) =>
                paths.map((path) => [
                    `quartet-${stack}-${functionName}`,
                    `arn:aws:execute-api:eu-west-1:${account}:<api>/${path}`,
                ]);
            const orders = (functionName: string, ...routes: string[]) =>
                sources(`orders-${functionName}`, ...routes.map((route) => `${stack}/${route}`));
            const uploads = (functionName: string, ...routes: string[]) =>
                sources(`uploads-${functionName}`, ...routes.map((route) => `${stack}-uploads/${route}`));

            assert.deepEqual(
                permitted,
                [
                    ...sources("challenge-answer", `${stack}/*/`, `${stack}/*/*`),
                    ...sources("events-ingest", `${stack}/POST/events`, `${stack}/OPTIONS/events`),
                    ...sources("events-ingest", `${stack}/GET/openapi.json`, `${stack}/OPTIONS/openapi.json`),
                    ...sources("orders-authorize", "authorizers/*"),
                    ...orders("create", "POST/pedidos"),
                    ...orders("list", "GET/pedidos", "OPTIONS/pedidos"),
                    ...orders("get", "GET/pedidos/*", "OPTIONS/pedidos/*"),
                    ...orders("get", "GET/openapi.json", "OPTIONS/openapi.json"),
                    ...orders("replace", "PUT/pedidos/*"),
                    ...orders("delete", "DELETE/pedidos/*"),
                    ...sources("uploads-authorize", "authorizers/*"),
                    ...uploads("request", "POST/upload", "OPTIONS/upload"),
                    ...uploads("confirm", "POST/confirm-upload", "OPTIONS/confirm-upload"),
                    ...uploads("update", "POST/update-status", "OPTIONS/update-status"),
                    ...uploads("consult", "GET/consult-status", "OPTIONS/consult-status"),
                    ...uploads("consult", "GET/openapi.json", "OPTIONS/openapi.json"),
                ].sort(),
            );
        });

        it("lets each schedule, and the rule for tasks that stop, invoke its function", () => {
            const rule = `arn:aws:events:eu-west-1:${account}:rule/quartet-${stack}-uploads`;
            const ordersRule = `arn:aws:events:eu-west-1:${account}:rule/quartet-${stack}-orders`;

            assert.deepEqual(permissionsOf(plan, "events.amazonaws.com"), [
                [`quartet-${stack}-orders-stopped`, `${ordersRule}-task-stopped`],
                [`quartet-${stack}-orders-sweep`, `${ordersRule}-sweep-every-minute`],
                [`quartet-${stack}-uploads-fail`, `${rule}-fail-every-minute`],
                [`quartet-${stack}-uploads-sweep`, `${rule}-sweep-every-5-minutes`],
            ]);
        });

        it("lets nobody but API Gateway and schedules invoke functions, and nobody change them", () => {
            for (const { name, inputs } of resourcesOfType(plan, "aws:lambda/permission:Permission")) {
                assert.match(String(inputs.principal), /^(apigateway|events)\.amazonaws\.com$/, name);
                assert.equal(inputs.action, "lambda:InvokeFunction", name);
            }
        });

        it("opens the bucket of EventIngest to nobody and to no connection without TLS", () => {
            const bucket = `arn:aws:s3:::quartet-${stack}-events-${account}`;

            assert.deepEqual(
                statements(resource(plan, "aws:s3/bucketPolicy:BucketPolicy", "events-policy").inputs.policy),
                tlsOnly("s3", [bucket, `${bucket}/*`]),
            );
        });
    });
}

/** Functions that a service may invoke, and for which resource; the ids of APIs are left out. */
function permissionsOf(plan: Plan, principal: string): unknown[] {
    return resourcesOfType(plan, "aws:lambda/permission:Permission")
        .filter(({ inputs }) => inputs.principal === principal)
        .map(({ inputs }) => [inputs.function, String(inputs.sourceArn).replace(/:[a-z0-9]{10}\//, ":<api>/")])
        .sort();
}
