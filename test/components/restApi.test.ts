import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType } from "../support/plans";

interface Operation {
    readonly security?: unknown;
    readonly "x-amazon-apigateway-integration": { readonly uri: string; readonly type: string };
}

describe("the OpenAPI body of an API", () => {
    let plan: Plan;
    before(async () => {
        plan = await planOf("dev");
    });

    const bodyOf = (name: string, of = plan) =>
        JSON.parse(resource(of, "aws:apigateway/restApi:RestApi", name).inputs.body as string);

    it("sends each method of EventIngest to its function, and asks for no key", () => {
        const paths = bodyOf("events-api-rest").paths as Record<string, Record<string, Operation>>;

        const operations = Object.entries(paths).flatMap(([path, item]) =>
            Object.keys(item).map((method) => `${method} ${path}`),
        );
        assert.deepEqual(operations.sort(), [
            "get /openapi.json",
            "options /events",
            "options /openapi.json",
            "post /events",
        ]);
        for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
            assert.equal(operation.security, undefined);
            assert.equal(
                operation["x-amazon-apigateway-integration"].uri,
                "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:quartet-dev-events-ingest/invocations",
            );
        }
    });

    it("asks for a key on every path and method of ChallengeApi but preflights", () => {
        const paths = bodyOf("challenge-api-rest").paths as Record<string, Record<string, Operation>>;

        assert.deepEqual(Object.keys(paths), ["/", "/{proxy+}"]);
        for (const item of Object.values(paths)) {
            assert.deepEqual(item["x-amazon-apigateway-any-method"].security, [{ apiKey: [] }]);
            assert.equal(item.options.security, undefined);
        }
    });

    it("sends each method of UploadPipeline to the function of its path, behind the guard of its route", () => {
        const { paths } = bodyOf("uploads-api-rest") as { paths: Record<string, Record<string, Operation>> };

        const operations = Object.entries(paths).flatMap(([path, item]) =>
            Object.entries(item).map(
                ([
                    method,
                    {
                        security,
                        "x-amazon-apigateway-integration": { uri, type },
                    },
                ]) => [
                    `${method} ${path}`,
                    /function:quartet-dev-uploads-(\w+)\/invocations$/.exec(uri)?.[1],
                    security,
                    type,
                ],
            ),
        );
        const by = (guard: string) => [{ [guard]: [] }];
        assert.deepEqual(operations.sort(), [
            ["get /consult-status", "consult", by("authorizer"), "aws_proxy"],
            ["get /openapi.json", "consult", undefined, "aws_proxy"],
            ["options /confirm-upload", "confirm", undefined, "aws_proxy"],
            ["options /consult-status", "consult", undefined, "aws_proxy"],
            ["options /openapi.json", "consult", undefined, "aws_proxy"],
            ["options /update-status", "update", undefined, "aws_proxy"],
            ["options /upload", "request", undefined, "aws_proxy"],
            ["post /confirm-upload", "confirm", by("authorizer"), "aws_proxy"],
            ["post /update-status", "update", by("iam"), "aws_proxy"],
            ["post /upload", "request", by("authorizer"), "aws_proxy"],
        ]);
    });

    it("remembers whose token it is as long as the config says", async () => {
        const secondsIn = (of: Plan) =>
            bodyOf("uploads-api-rest", of).components.securitySchemes.authorizer["x-amazon-apigateway-authorizer"]
                .authorizerResultTtlInSeconds;

        assert.deepEqual([secondsIn(plan), secondsIn(await planOf("prod"))], [300, 60]);
    });

    it("takes JSON bodies byte by byte where they may be compressed, as the descriptions of the APIs say", () => {
        for (const name of ["events-api-rest", "uploads-api-rest"]) {
            assert.deepEqual(bodyOf(name)["x-amazon-apigateway-binary-media-types"], ["application/json"], name);
        }
    });

    it("gives API Gateway's own errors the request's id, and the origin where there is one to give", () => {
        const responses = bodyOf("challenge-api-rest")["x-amazon-apigateway-gateway-responses"];

        for (const type of ["DEFAULT_4XX", "DEFAULT_5XX"]) {
            assert.deepEqual(responses[type].responseParameters, {
                "gatewayresponse.header.x-request-id": "context.requestId",
                "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
            });
        }
    });

    it("holds no keyword that API Gateway's importer refuses", () => {
        const refused = new Set([
            ...[
                "const",
                "if",
                "then",
                "else",
                "$defs",
                "propertyNames",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "nullable",
            ],
            ...["discriminator", "example", "readOnly", "default", "oneOf", "format", "minItems", "maxItems"],
        ]);
        const keywords = (value: unknown, path: string): string[] =>
            typeof value === "object" && value !== null
                ? Object.entries(value).flatMap(([key, item]) => [
                      `${path}/${key}`,
                      ...keywords(item, `${path}/${key}`),
                  ])
                : [];

        for (const name of ["events-api-rest", "uploads-api-rest", "challenge-api-rest"]) {
            // `default` is also the name of the one response that every operation has.
            const found = keywords(bodyOf(name), "").filter((path) => !path.endsWith("/responses/default"));
            assert.deepEqual(
                found.filter((path) => refused.has(path.split("/").at(-1)!)),
                [],
            );
            const { security, info } = bodyOf(name);
            assert.equal(security, undefined, "API Gateway ignores security at the root");
            assert.equal(info.version, "1");
        }
    });

    it("redeploys when the body changes", async () => {
        const prod = await planOf("prod");
        const hashOf = (of: Plan) =>
            (resource(of, "aws:apigateway/deployment:Deployment", "events-api-deployment").inputs.triggers as any).body;

        assert.match(hashOf(plan), /^[0-9a-f]{64}$/);
        assert.notEqual(hashOf(plan), hashOf(prod));
    });

    it("is public, regional, and fails to import rather than warn", () => {
        for (const { name, inputs } of resourcesOfType(plan, "aws:apigateway/restApi:RestApi")) {
            assert.deepEqual(inputs.endpointConfiguration, { types: "REGIONAL" }, name);
            assert.equal(inputs.failOnWarnings, true, name);
        }
    });
});
