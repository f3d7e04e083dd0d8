import * as assert from "node:assert/strict";
import { rule as accessLogging } from "../../../policy/rules/apigateway/apigw-access-logging";
import { rule as cache } from "../../../policy/rules/apigateway/apigw-cache-encrypted";
import { rule as executionLogging } from "../../../policy/rules/apigateway/apigw-execution-logging";
import { rule as dataTrace } from "../../../policy/rules/apigateway/apigw-no-data-trace";
import { rule as tls } from "../../../policy/rules/apigateway/apigw-tls-policy";
import { rule as waf } from "../../../policy/rules/apigateway/apigw-waf-associated";
import { rule as xray } from "../../../policy/rules/apigateway/apigw-xray";
import { judge, judgeStack, UNKNOWN } from "../support/judge";

type Values = Record<string, unknown>;

const unknown = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. Compute the value from names and config ` +
    `instead of outputs, so that a preview can read it. [unknown:${path}]`;

const stage = (props: Values = {}, refers = {}) => ({
    type: "aws:apigateway/stage:Stage",
    name: "stage",
    props: { restApi: "abc", stageName: "prod", deployment: UNKNOWN, ...props },
    outputs: { arn: UNKNOWN, xrayTracingEnabled: UNKNOWN },
    refers,
});
const settings = (values: Values, props: Values = {}, refers = {}) => ({
    type: "aws:apigateway/methodSettings:MethodSettings",
    name: "settings",
    props: { restApi: "abc", stageName: "prod", methodPath: "*/*", settings: values, ...props },
    refers,
});

describe("apigw-access-logging", () => {
    const { mend } = accessLogging;
    const logging = (destinationArn: unknown, format?: unknown) =>
        stage({ accessLogSettings: { destinationArn, format } });

    for (const format of [
        '{"id":"$context.requestId","error":"$context.error.message"}',
        '{ "status": $context.status, "claim": "$context.authorizer.claims.sub-ject" }',
    ]) {
        it(`takes lines such as ${format}`, async () => {
            assert.deepEqual(await judge(accessLogging, logging(UNKNOWN, format)), []);
        });
    }

    it("takes settings in a list", async () => {
        const one = { destinationArn: UNKNOWN, format: '{"id":"$context.requestId"}' };
        assert.deepEqual(await judge(accessLogging, stage({ accessLogSettings: [one] })), []);
    });

    for (const [title, resource, message] of [
        ["no access logs", stage(), `stage writes no access logs. ${mend} [destinationArn]`],
        ["logs without a place", logging("", "{}"), `stage writes no access logs. ${mend} [destinationArn]`],
        ...["$context.requestId $context.status", "<a>$context.status</a>", "{}", "[1]", ""].map(
            (format) =>
                [
                    `lines such as ${format}`,
                    logging("arn:aws:logs:eu-west-1:111111111111:log-group:a", format),
                    `stage writes access logs that are no JSON. ${mend} [format]`,
                ] as const,
        ),
        ["an unknown format", logging(UNKNOWN, UNKNOWN), unknown("stage", "accessLogSettings.format")],
    ] as const) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(await judge(accessLogging, resource), [message]);
        });
    }
});

describe("apigw-execution-logging", () => {
    const { mend } = executionLogging;
    const silent = [`stage does not log errors of its methods. ${mend} [*/*]`];

    for (const [title, resources] of [
        ["ERROR for all methods", [stage(), settings({ loggingLevel: "ERROR" })]],
        ["INFO for all methods, in a list", [stage(), settings({}, { settings: [{ loggingLevel: "info" }] })]],
        [
            "settings of which only what they are made of is known",
            [
                { type: "aws:apigateway/restApi:RestApi", name: "api", props: {} },
                stage({}, { restApi: ["api"] }),
                settings({ loggingLevel: "ERROR" }, { restApi: UNKNOWN }, { restApi: ["api"] }),
            ],
        ],
        [
            "settings that name its API and its name by outputs",
            [
                { type: "aws:apigateway/restApi:RestApi", name: "api", props: {} },
                stage({ restApi: UNKNOWN, stageName: UNKNOWN }, { restApi: ["api"] }),
                settings(
                    { loggingLevel: "ERROR" },
                    { restApi: UNKNOWN, stageName: UNKNOWN },
                    { restApi: ["api"], stageName: ["stage"] },
                ),
            ],
        ],
    ] as const) {
        it(`takes a stage with ${title}`, async () => {
            assert.deepEqual(await judgeStack(executionLogging, resources), []);
        });
    }

    for (const [title, resources, messages] of [
        ["no settings", [stage()], silent],
        ["OFF", [stage(), settings({ loggingLevel: "OFF" })], silent],
        ["settings without a level", [stage(), settings({ metricsEnabled: true })], silent],
        ["settings of one method", [stage(), settings({ loggingLevel: "ERROR" }, { methodPath: "a/GET" })], silent],
        ["settings of another stage", [stage(), settings({ loggingLevel: "ERROR" }, { stageName: "dev" })], silent],
        ["settings of another API", [stage(), settings({ loggingLevel: "ERROR" }, { restApi: "def" })], silent],
        [
            "unknown settings of no API of the stack",
            [stage(), settings({ loggingLevel: "ERROR" }, { restApi: UNKNOWN })],
            silent,
        ],
        [
            "a method that is left out",
            [
                stage(),
                settings({ loggingLevel: "ERROR" }),
                { ...settings({ loggingLevel: "OFF" }, { methodPath: "a/GET" }), name: "b" },
            ],
            ["stage does not log errors of a/GET. Set loggingLevel of these MethodSettings to ERROR or INFO. [a/GET]"],
        ],
        [
            "an unknown level",
            [stage(), settings({ loggingLevel: UNKNOWN })],
            [unknown("stage", "settings.loggingLevel")],
        ],
    ] as const) {
        it(`refuses a stage with ${title}`, async () => {
            assert.deepEqual(await judgeStack(executionLogging, resources), messages);
        });
    }
});

describe("apigw-no-data-trace", () => {
    for (const values of [{}, { dataTraceEnabled: false }, { dataTraceEnabled: "false" }]) {
        it(`takes ${JSON.stringify(values)}`, async () => {
            assert.deepEqual(await judge(dataTrace, settings(values)), []);
        });
    }

    for (const values of [{ dataTraceEnabled: true }, [{ dataTraceEnabled: "true" }]]) {
        it(`refuses ${JSON.stringify(values)}`, async () => {
            assert.deepEqual(await judge(dataTrace, settings({}, { settings: values })), [
                "settings logs whole requests and answers. Set settings.dataTraceEnabled to false or leave it out.",
            ]);
        });
    }

    it("refuses what is known only after a deployment", async () => {
        const messages = await judge(dataTrace, settings({ dataTraceEnabled: UNKNOWN }));
        assert.deepEqual(messages, [unknown("settings", "settings.dataTraceEnabled")]);
    });
});

describe("apigw-waf-associated", () => {
    const association = (resourceArn: string, refers = {}) => ({
        type: "aws:wafv2/webAclAssociation:WebAclAssociation",
        name: "association",
        props: { webAclArn: UNKNOWN, resourceArn },
        refers,
    });
    const ARN = "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/prod";

    for (const [title, resources] of [
        ["the stage's ARN", [{ ...stage(), outputs: { arn: ARN } }, association(ARN)]],
        ["an ARN of its API and its name", [stage(), association(ARN)]],
        ["the stage's unknown ARN", [stage(), association(UNKNOWN, { resourceArn: ["stage"] })]],
    ] as const) {
        it(`takes a web ACL at ${title}`, async () => {
            assert.deepEqual(await judgeStack(waf, resources), []);
        });
    }

    for (const [title, resources] of [
        ["no web ACL", [stage()]],
        ["a web ACL before another stage", [stage(), association(`${ARN}-2`)]],
        ["a web ACL before something unknown", [stage(), association(UNKNOWN)]],
    ] as const) {
        it(`refuses a stage with ${title}`, async () => {
            assert.deepEqual(await judgeStack(waf, resources), [
                "stage has no web ACL before it. Add a WebAclAssociation whose resourceArn is the stage's ARN.",
            ]);
        });
    }
});

describe("apigw-xray", () => {
    it("takes a stage that traces", async () => {
        assert.deepEqual(await judge(xray, stage({ xrayTracingEnabled: true })), []);
    });

    for (const props of [{}, { xrayTracingEnabled: false }]) {
        it(`refuses a stage with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(xray, stage(props)), [
                "stage does not trace requests. Set xrayTracingEnabled to true.",
            ]);
        });
    }
});

describe("apigw-cache-encrypted", () => {
    const { mend } = cache;
    const cached = stage({ cacheClusterEnabled: true });

    for (const [title, resources] of [
        ["no cache", [stage(), settings({})]],
        ["a cache that is encrypted", [cached, settings({ cachingEnabled: true, cacheDataEncrypted: true })]],
        ["a cache that keeps nothing", [cached, settings({ cachingEnabled: false })]],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judgeStack(cache, resources), []);
            assert.deepEqual(await judge(cache, resources[1] ?? resources[0]), []);
        });
    }

    for (const resources of [
        [cached],
        [cached, settings({ metricsEnabled: true })],
        [cached, settings({ cacheDataEncrypted: true }, { methodPath: "a/GET" })],
    ]) {
        it(`refuses a stage with a cache and ${JSON.stringify(resources[1]?.props ?? "no settings")}`, async () => {
            assert.deepEqual(await judgeStack(cache, resources), [
                "stage has a cache, and no settings for all methods that encrypt it. Set cacheDataEncrypted to true in MethodSettings of the stage with the methodPath */*.",
            ]);
        });
    }

    for (const [values, message] of [
        [{ cachingEnabled: true }, `settings keeps answers in a cache that is not encrypted. ${mend}`],
        [
            { cachingEnabled: true, cacheDataEncrypted: false },
            `settings keeps answers in a cache that is not encrypted. ${mend}`,
        ],
        [{ cachingEnabled: true, cacheDataEncrypted: UNKNOWN }, unknown("settings", "settings.cacheDataEncrypted")],
    ] as const) {
        it(`refuses the settings ${JSON.stringify(values)}`, async () => {
            assert.deepEqual(await judge(cache, settings(values)), [message]);
        });
    }
});

describe("apigw-tls-policy", () => {
    const domain = (props: Values) => ({ type: "aws:apigateway/domainName:DomainName", name: "it", props });
    const api = (props: Values) => ({ type: "aws:apigateway/restApi:RestApi", name: "it", props });

    for (const resource of [
        domain({ securityPolicy: "TLS_1_2" }),
        domain({ securityPolicy: "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09" }),
        api({ securityPolicy: "SecurityPolicy_TLS12_PFS_2025_EDGE" }),
        api({}),
    ]) {
        it(`takes ${resource.type} with ${JSON.stringify(resource.props)}`, async () => {
            assert.deepEqual(await judge(tls, resource), []);
        });
    }

    for (const resource of [domain({}), domain({ securityPolicy: "TLS_1_0" }), api({ securityPolicy: "TLS_1_0" })]) {
        it(`refuses ${resource.type} with ${JSON.stringify(resource.props)}`, async () => {
            assert.deepEqual(await judge(tls, resource), [
                "it may take TLS before 1.2. Set securityPolicy to TLS_1_2 or to a policy for TLS 1.3.",
            ]);
        });
    }

    it("refuses what is known only after a deployment", async () => {
        assert.deepEqual(await judge(tls, domain({ securityPolicy: UNKNOWN })), [unknown("it", "securityPolicy")]);
    });
});
