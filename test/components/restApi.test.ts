import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource } from "../support/plans";

interface Operation {
    readonly security?: unknown;
    readonly "x-amazon-apigateway-integration": { readonly uri: string; readonly type: string };
}

describe("the OpenAPI body of an API", () => {
    let plan: Plan;
    before(async () => {
        plan = await planOf("dev");
    });

    const bodyOf = (name: string) =>
        JSON.parse(resource(plan, "aws:apigateway/restApi:RestApi", name).inputs.body as string);

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

    it("takes JSON bodies of EventIngest byte by byte, since they may be compressed", () => {
        assert.deepEqual(bodyOf("events-api-rest")["x-amazon-apigateway-binary-media-types"], ["application/json"]);
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

        for (const name of ["events-api-rest", "challenge-api-rest"]) {
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
        const { inputs } = resource(plan, "aws:apigateway/restApi:RestApi", "events-api-rest");

        assert.deepEqual(inputs.endpointConfiguration, { types: "REGIONAL" });
        assert.equal(inputs.failOnWarnings, true);
    });
});
