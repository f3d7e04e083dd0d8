import * as assert from "node:assert/strict";
import { rule as authorization } from "../../../policy/rules/apigateway/apigw-method-authorization";
import { rule as validation } from "../../../policy/rules/apigateway/apigw-request-validation";
import { judge, judgeStack, UNKNOWN } from "../support/judge";

const API = "aws:apigateway/restApi:RestApi";
const SCHEMES = {
    key: { type: "apiKey", in: "header", name: "X-Api-Key" },
    queryKey: { type: "apiKey", in: "query", name: "x-api-key" },
    token: { type: "apiKey", in: "header", name: "x-auth-token" },
    bearer: { type: "http", scheme: "bearer" },
    iam: { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" },
    named: { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authtype": "custom" },
    lambda: { type: "apiKey", in: "header", name: "x-api-key", "x-amazon-apigateway-authorizer": { type: "request" } },
    cognito: { type: "apiKey", "x-amazon-apigateway-authorizer": { type: "cognito_user_pools" } },
    jwt: { type: "oauth2", "x-amazon-apigateway-authorizer": { type: "jwt" } },
};

/** An API with one operation, or with the ones given, and what else its body holds. */
const api = (paths: Record<string, unknown>, more: Record<string, unknown> = {}, name = "orders") => ({
    type: API,
    name,
    props: { body: JSON.stringify({ paths, components: { securitySchemes: SCHEMES }, ...more }) },
});
const asks = (...names: readonly string[]) => ({ "/a": { get: { security: names.map((name) => ({ [name]: [] })) } } });
const method = (props: Record<string, unknown>, refers = {}) => ({
    type: "aws:apigateway/method:Method",
    name: "get",
    props: { restApi: "abc", resourceId: "def", httpMethod: "GET", ...props },
    refers,
});
const unreadable = (name: string, why: string, mend: string) => [
    `${name} could not be judged: ${why}. ${mend} [unreadable]`,
];

describe("apigw-method-authorization", () => {
    const { mend } = authorization;
    const open = (operation: string, because = "") => [
        `orders lets everybody call ${operation}${because}. ${mend} [${operation}]`,
    ];

    for (const name of ["key", "iam", "lambda", "cognito"]) {
        it(`takes an operation that asks for the scheme ${name}`, async () => {
            assert.deepEqual(await judge(authorization, api(asks(name))), []);
        });
    }

    for (const [title, resource] of [
        ["an API without methods", { type: API, props: {} }],
        ["a preflight that asks for nothing", api({ "/a": { options: {} } })],
        ["an operation for IAM", api({ "/a": { get: { "x-amazon-apigateway-auth": { type: "aws_iam" } } } })],
        ["what is no operation", api({ "/a": { parameters: [], summary: "" } })],
        [
            "schemes of Swagger 2",
            api(asks("old"), { components: undefined, securityDefinitions: { old: SCHEMES.lambda } }),
        ],
        [
            "a body that is an object",
            { type: API, props: { body: { paths: asks("key"), components: { securitySchemes: SCHEMES } } } },
        ],
        ["a method with an authorizer", method({ authorization: "CUSTOM", authorizerId: UNKNOWN })],
        ["a method with a key", method({ authorization: "NONE", apiKeyRequired: "true" })],
        ["a method for preflights", method({ authorization: "NONE", httpMethod: "OPTIONS" })],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(authorization, resource), []);
        });
    }

    for (const name of ["queryKey", "token", "bearer", "named", "jwt", "undeclared"]) {
        it(`refuses an operation that asks for the scheme ${name}, which API Gateway does not enforce`, async () => {
            assert.deepEqual(
                await judge(authorization, api(asks(name))),
                open("GET /a", `, since API Gateway does not enforce the scheme ${name}`),
            );
        });
    }

    for (const [title, resource, messages] of [
        ["an operation that asks for nothing", api({ "/a": { post: {} } }), open("POST /a")],
        ["an empty list of security", api({ "/a": { get: { security: [] } } }), open("GET /a")],
        [
            "security at the root, which API Gateway ignores",
            api({ "/a": { get: {} } }, { security: [{ key: [] }] }),
            open("GET /a", ", since API Gateway does not enforce security at the root of body"),
        ],
        [
            "an operation that is open by name",
            api({ "/a": { get: { security: [{ lambda: [] }], "x-amazon-apigateway-auth": { type: "NONE" } } } }),
            open("GET /a"),
        ],
        [
            "each open operation, preflights by another among them",
            api({ "/a": { "x-amazon-apigateway-any-method": {}, options: {} }, "/b": { put: {} } }),
            [...open("ANY /a"), ...open("PUT /b")],
        ],
        [
            "an operation of an API that is imported by another resource",
            { ...api({ "/a": { get: {} } }), type: "aws:apigateway/restApiPut:RestApiPut" },
            open("GET /a"),
        ],
        ["an open method", method({ authorization: "none" }), [`get lets everybody call GET. ${mend}`]],
    ] as const) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(await judge(authorization, resource), messages);
        });
    }

    it("judges what can be read beside what can't", async () => {
        assert.deepEqual(await judge(authorization, api({ "/a": { get: 1, put: {} } })), [
            ...unreadable("orders", "a value that should be an object is something else", mend),
            ...open("PUT /a"),
        ]);
    });

    for (const [title, resource, messages] of [
        [
            "a body that is no JSON",
            { type: API, name: "orders", props: { body: "openapi: 3.0.1" } },
            unreadable("orders", "body is no JSON", mend),
        ],
        [
            "a path elsewhere",
            api({ "/a": { $ref: "b.json" } }),
            unreadable("orders", "a path of body is only a reference", mend),
        ],
        [
            "a method with an authorization of no known kind",
            method({ authorization: "SOME" }),
            unreadable("get", "authorization is none that API Gateway knows", mend),
        ],
        [
            "an unknown body",
            { type: API, name: "orders", props: { body: UNKNOWN } },
            [
                "orders could not be judged, since body is known only after a deployment. Compute the value from names and " +
                    "config instead of outputs, so that a preview can read it. [unknown:body]",
            ],
        ],
    ] as const) {
        it(`does not pass ${title}`, async () => {
            assert.deepEqual(await judge(authorization, resource), messages);
        });
    }
});

describe("apigw-request-validation", () => {
    const { mend } = validation;
    const VALIDATORS = {
        all: { validateRequestBody: true, validateRequestParameters: true },
        body: { validateRequestBody: true, validateRequestParameters: false },
        parameters: { validateRequestParameters: "true" },
    };
    const validated = (everywhere: string | undefined, own?: string) =>
        api(
            { "/a": { get: own ? { "x-amazon-apigateway-request-validator": own } : {}, options: {} } },
            {
                "x-amazon-apigateway-request-validators": VALIDATORS,
                ...(everywhere && { "x-amazon-apigateway-request-validator": everywhere }),
            },
        );
    const validator = (props: Record<string, unknown>) => ({
        type: "aws:apigateway/requestValidator:RequestValidator",
        name: "validator",
        props: { restApi: "abc", ...props },
        outputs: { id: "v1" },
    });

    for (const [everywhere, own] of [
        ["all", undefined],
        [undefined, "all"],
        ["body", "all"],
    ] as const) {
        it(`takes an operation with the validator ${own} of its own, and ${everywhere} of its API`, async () => {
            assert.deepEqual(await judgeStack(validation, [validated(everywhere, own)]), []);
        });
    }

    for (const [everywhere, own] of [
        [undefined, undefined],
        ["body", undefined],
        ["all", "parameters"],
        ["missing", undefined],
    ] as const) {
        it(`refuses an operation with the validator ${own} of its own, and ${everywhere} of its API`, async () => {
            assert.deepEqual(await judgeStack(validation, [validated(everywhere, own)]), [
                `orders does not validate bodies and parameters of GET /a. ${mend} [GET /a]`,
            ]);
        });
    }

    for (const [title, resources, isSound] of [
        ["names a sound validator", [method({ requestValidatorId: "v1" }), validator(VALIDATORS.all)], true],
        [
            "names an unknown sound validator",
            [method({ requestValidatorId: UNKNOWN }, { requestValidatorId: ["validator"] }), validator(VALIDATORS.all)],
            true,
        ],
        ["names a validator of another program", [method({ requestValidatorId: "v2" })], true],
        ["is for preflights", [method({ httpMethod: "OPTIONS" })], true],
        [
            "names a validator of bodies alone",
            [method({ requestValidatorId: "v1" }), validator(VALIDATORS.body)],
            false,
        ],
        ["names none", [method({}), validator(VALIDATORS.all)], false],
    ] as const) {
        it(`${isSound ? "takes" : "refuses"} a method that ${title}`, async () => {
            const messages = [`get does not validate bodies and parameters of GET. ${mend}`];
            assert.deepEqual(await judgeStack(validation, resources), isSound ? [] : messages);
        });
    }
});
