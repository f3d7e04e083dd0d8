import * as assert from "node:assert/strict";
import { rule as usagePlan } from "../../../policy/rules/apigateway/apigw-api-key-usage-plan";
import { rule as throttling } from "../../../policy/rules/apigateway/apigw-throttling";
import { judgeStack, UNKNOWN, type Declared } from "../support/judge";

type Values = Record<string, unknown>;

const SCHEMES = {
    key: { type: "apiKey", in: "header", name: "x-api-key" },
    iam: { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" },
};
const api = (schemes: readonly string[], props: Values = {}, more: Values = {}): Declared => ({
    type: "aws:apigateway/restApi:RestApi",
    name: "api",
    props: {
        body: JSON.stringify({
            paths: { "/a": { get: { security: schemes.map((name) => ({ [name]: [] })) }, options: {} } },
            components: { securitySchemes: SCHEMES },
            ...more,
        }),
        ...props,
    },
    outputs: { id: "abc" },
});
const stage: Declared = {
    type: "aws:apigateway/stage:Stage",
    name: "stage",
    props: { restApi: "abc", stageName: "prod", deployment: "d" },
};
const LIMITS = { throttleSettings: { burstLimit: 5, rateLimit: 10 }, quotaSettings: { limit: 100, period: "DAY" } };
const plan = (props: Values = {}, refers = {}): Declared => ({
    type: "aws:apigateway/usagePlan:UsagePlan",
    name: "plan",
    props: { apiStages: [{ apiId: "abc", stage: "prod" }], ...LIMITS, ...props },
    outputs: { id: "p1" },
    refers,
});
const planKey: Declared = {
    type: "aws:apigateway/usagePlanKey:UsagePlanKey",
    props: { usagePlanId: "p1", keyId: UNKNOWN, keyType: "API_KEY" },
};
const unknownStage: Declared = {
    ...stage,
    props: { restApi: UNKNOWN, stageName: "prod" },
    refers: { restApi: ["api"] },
};
const unknownApi = { ...api(["key"]), outputs: { id: UNKNOWN } };

describe("apigw-api-key-usage-plan", () => {
    const { mend } = usagePlan;
    const inNoPlan = [`stage asks for an API key alone at GET /a, and is in no usage plan. ${mend} [apiStages]`];

    for (const [title, resources] of [
        ["in a plan with limits and a key", [api(["key"]), stage, plan(), planKey]],
        [
            "beside another in a plan",
            [
                api(["key"]),
                stage,
                plan({
                    apiStages: [
                        { apiId: "abc", stage: "prod" },
                        { apiId: "def", stage: "prod" },
                    ],
                }),
                planKey,
            ],
        ],
        ["without keys", [api(["iam"]), stage]],
        ["with keys beside IAM", [api(["key", "iam"], { apiKeySource: "AUTHORIZER" }), stage]],
        ["of another program's API", [stage]],
        [
            "in a plan that names it by an output",
            [
                unknownApi,
                unknownStage,
                plan({ apiStages: [{ apiId: UNKNOWN, stage: "prod" }] }, { apiStages: ["api"] }),
                planKey,
            ],
        ],
        [
            "in a plan whose stages are unknown",
            [api(["key"]), stage, plan({ apiStages: UNKNOWN }, { apiStages: ["stage"] }), planKey],
        ],
    ] as const) {
        it(`takes a stage ${title}`, async () => {
            assert.deepEqual(await judgeStack(usagePlan, resources), []);
        });
    }

    for (const [title, resources, messages] of [
        ["in no plan", [api(["key"]), stage], inNoPlan],
        [
            "in another stage's plan",
            [api(["key"]), stage, plan({ apiStages: [{ apiId: "abc", stage: "dev" }] }), planKey],
            inNoPlan,
        ],
        [
            "in another API's plan",
            [api(["key"]), stage, plan({ apiStages: [{ apiId: "def", stage: "prod" }] }), planKey],
            inNoPlan,
        ],
        ["in nobody's plan", [unknownApi, unknownStage, plan({ apiStages: UNKNOWN }), planKey], inNoPlan],
        [
            "with a method resource in no plan",
            [
                api(["iam"]),
                stage,
                {
                    type: "aws:apigateway/method:Method",
                    props: { restApi: "abc", httpMethod: "PUT", authorization: "NONE", apiKeyRequired: true },
                },
            ],
            [`stage asks for an API key alone at PUT, and is in no usage plan. ${mend} [apiStages]`],
        ],
        ...[
            api(["key"], { apiKeySource: "AUTHORIZER" }),
            api(["key"], {}, { "x-amazon-apigateway-api-key-source": "AUTHORIZER" }),
        ].map(
            (source) =>
                [
                    `whose keys should come from an authorizer (${Object.keys(source.props!).join(", ")})`,
                    [source, stage, plan(), planKey],
                    [
                        "stage takes API keys from authorizers, and GET /a has none. Set apiKeySource to HEADER, or authorization of the method. [GET /a]",
                    ],
                ] as const,
        ),
    ] as const) {
        it(`refuses a stage ${title}`, async () => {
            assert.deepEqual(await judgeStack(usagePlan, resources), messages);
        });
    }

    it("lets an argument go before the body for where keys come from", async () => {
        const source = api(["key"], { apiKeySource: "HEADER" }, { "x-amazon-apigateway-api-key-source": "AUTHORIZER" });
        assert.deepEqual(await judgeStack(usagePlan, [source, stage, plan(), planKey]), []);
    });

    for (const [props, finding, fault] of [
        [{ throttleSettings: null }, "throttleSettings", "has no throttleSettings with burstLimit and rateLimit"],
        [
            { throttleSettings: { burstLimit: 5 } },
            "throttleSettings",
            "has no throttleSettings with burstLimit and rateLimit",
        ],
        [{ quotaSettings: { limit: 0, period: "DAY" } }, "quotaSettings", "has no quotaSettings with limit"],
    ] as const) {
        it(`refuses a plan with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judgeStack(usagePlan, [plan(props), planKey]), [
                `plan ${fault}. ${mend} [${finding}]`,
            ]);
        });
    }

    it("refuses a plan without a key, and judges each setting by itself", async () => {
        assert.deepEqual(await judgeStack(usagePlan, [plan({ quotaSettings: UNKNOWN, throttleSettings: {} })]), [
            `plan has no throttleSettings with burstLimit and rateLimit. ${mend} [throttleSettings]`,
            "plan could not be judged, since quotaSettings is known only after a deployment. Compute the value from names and " +
                "config instead of outputs, so that a preview can read it. [unknown:quotaSettings]",
            `plan has no UsagePlanKey. ${mend} [usagePlanKey]`,
        ]);
    });

    for (const [title, key, messages] of [
        ["takes a key whose value AWS generates", { outputs: { value: "secret" } }, []],
        ["takes a key whose value another resource generates", { props: { value: UNKNOWN } }, []],
        [
            "takes a key whose value another resource generated",
            { props: { value: "x" }, refers: { value: ["stage"] } },
            [],
        ],
        [
            "refuses a key with a literal value, without showing it",
            { props: { value: "s3cr3t-s3cr3t-s3cr3t" } },
            [
                "key has a value that stands in the program or its config. Leave value out, so that API Gateway generates it. [value]",
            ],
        ],
    ] as const) {
        it(title, async () => {
            const declared = { type: "aws:apigateway/apiKey:ApiKey", name: "key", ...key };
            assert.deepEqual(await judgeStack(usagePlan, [stage, declared]), messages);
        });
    }
});

describe("apigw-throttling", () => {
    const settings = (values: Values, methodPath = "*/*"): Declared => ({
        type: "aws:apigateway/methodSettings:MethodSettings",
        props: { restApi: "abc", stageName: "prod", methodPath, settings: values },
    });
    const both = { throttlingBurstLimit: 5, throttlingRateLimit: "10" };

    for (const [title, resources] of [
        ["limits for all methods", [stage, settings(both)]],
        ["a limited plan where each request needs a key", [stage, api(["key"]), plan()]],
    ] as const) {
        it(`takes a stage with ${title}`, async () => {
            assert.deepEqual(await judgeStack(throttling, resources), []);
        });
    }

    for (const [title, resources] of [
        ["no settings", [stage]],
        ["limits for one method", [stage, settings(both, "a/GET")]],
        ["a rate alone", [stage, settings({ throttlingRateLimit: 10 })]],
        [
            "limits that the provider writes for none",
            [stage, settings({ throttlingBurstLimit: -1, throttlingRateLimit: -1 })],
        ],
        ["a plan beside requests without a key", [stage, api(["iam"]), plan()]],
        ["a plan without limits beside one with", [stage, api(["key"]), plan({ throttleSettings: {} }), plan()]],
        ["keys but no plan", [stage, api(["key"])]],
        ["a plan, and the API of another program", [stage, plan()]],
    ] as const) {
        it(`refuses a stage with ${title}`, async () => {
            assert.deepEqual(await judgeStack(throttling, resources), [
                "stage does not limit the rate and the burst of requests. Set throttlingBurstLimit and throttlingRateLimit in MethodSettings of the stage with the methodPath */*.",
            ]);
        });
    }

    it("refuses limits that are known only after a deployment", async () => {
        assert.deepEqual(await judgeStack(throttling, [stage, settings({ ...both, throttlingRateLimit: UNKNOWN })]), [
            "stage could not be judged, since settings.throttlingRateLimit is known only after a deployment. Compute the value " +
                "from names and config instead of outputs, so that a preview can read it. [unknown:settings.throttlingRateLimit]",
        ]);
    });
});
