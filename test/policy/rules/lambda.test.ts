import * as assert from "node:assert/strict";
import { rule as envCmk } from "../../../policy/rules/lambda/lambda-env-cmk";
import { rule as secrets } from "../../../policy/rules/lambda/lambda-env-no-secrets";
import { rule as url } from "../../../policy/rules/lambda/lambda-function-url-auth";
import { rule as limits } from "../../../policy/rules/lambda/lambda-limits-explicit";
import { rule as permissions } from "../../../policy/rules/lambda/lambda-permission-source";
import { rule as runtime } from "../../../policy/rules/lambda/lambda-supported-runtime";
import { rule as tracing } from "../../../policy/rules/lambda/lambda-tracing";
import { rule as multiAz } from "../../../policy/rules/lambda/lambda-vpc-multi-az";
import type { Rule } from "../../../policy/support/rule";
import { judge, UNKNOWN } from "../support/judge";

type Values = Record<string, unknown>;

const fn = (props: Values) => ({ type: "aws:lambda/function:Function", name: "it", props });
const unknown = (path: string) =>
    `it could not be judged, since ${path} is known only after a deployment. Compute the value from names and config ` +
    `instead of outputs, so that a preview can read it. [unknown:${path}]`;

/** Tests that a rule takes some resources and refuses others with messages. */
function tries(
    rule: Rule,
    resourceOf: (props: Values) => { type: string; props: Values },
    taken: readonly Values[],
    refused: readonly (readonly [Values, ...string[]])[],
): void {
    describe(rule.id, () => {
        for (const props of taken) {
            it(`takes ${JSON.stringify(props)}`, async () => {
                assert.deepEqual(await judge(rule, resourceOf(props)), []);
            });
        }
        for (const [props, ...messages] of refused) {
            it(`refuses ${JSON.stringify(props)}`, async () => {
                assert.deepEqual(await judge(rule, resourceOf(props)), messages);
            });
        }
    });
}

const forEveryAccount = (principal: string) =>
    `it lets ${principal} invoke the function for every account. ${permissions.mend}`;
const RULE = "arn:aws:events:eu-west-1:111111111111:rule/a";

tries(
    permissions,
    (props) => ({ type: "aws:lambda/permission:Permission", name: "it", props }),
    [
        { principal: "events.amazonaws.com", sourceArn: RULE },
        { principal: "events.amazonaws.com", sourceArn: UNKNOWN },
        { principal: "sns.amazonaws.com.cn", sourceAccount: "111111111111" },
        { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::a", sourceAccount: UNKNOWN },
        { principal: "alexa-appkit.amazon.com", eventSourceToken: "amzn1.ask.skill.1" },
        { principal: "111111111111" },
        { principal: "arn:aws:iam::111111111111:role/a" },
        { principal: "*", principalOrgId: "o-1234567890" },
    ],
    [
        [{ principal: "events.amazonaws.com" }, forEveryAccount("events.amazonaws.com")],
        [{ principal: "events.amazonaws.com", sourceArn: "" }, forEveryAccount("events.amazonaws.com")],
        [{ principal: "events.amazonaws.com", sourceArn: "*" }, forEveryAccount("events.amazonaws.com")],
        [{ principal: "sns.amazonaws.com", sourceArn: "arn:aws:sns:*:*:topic" }, forEveryAccount("sns.amazonaws.com")],
        [{ principal: "logs.eu-west-1.amazonaws.com" }, forEveryAccount("logs.eu-west-1.amazonaws.com")],
        [{ principal: "events.amazonaws.com", eventSourceToken: "a" }, forEveryAccount("events.amazonaws.com")],
        [{ principal: "alexa-appkit.amazon.com" }, forEveryAccount("alexa-appkit.amazon.com")],
        [
            { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::a" },
            "it lets s3.amazonaws.com invoke the function for whoever owns a bucket of that name. Set sourceAccount, too, as a bucket's ARN names no account.",
        ],
        [
            { principal: "*", functionUrlAuthType: "NONE" },
            "it lets everybody invoke the function. Set principal to an account, role or service, or principalOrgId.",
        ],
        [{ principal: UNKNOWN }, unknown("principal")],
    ],
);

tries(
    { ...permissions, id: "lambda-permission-source for layers" },
    (props) => ({ type: "aws:lambda/layerVersionPermission:LayerVersionPermission", name: "it", props }),
    [{ principal: "111111111111" }, { principal: "*", organizationId: "o-1234567890" }],
    [[{ principal: "*" }, "it lets everybody use the layer. Set principal to an account, or organizationId."]],
);

tries(
    url,
    (props) => ({ type: "aws:lambda/functionUrl:FunctionUrl", name: "it", props }),
    [
        { authorizationType: "AWS_IAM" },
        { authorizationType: "AWS_IAM", cors: { allowOrigins: ["https://app.example.com"], allowHeaders: ["*"] } },
    ],
    [
        [
            { authorizationType: "NONE", cors: [{ allowOrigins: ["*"] }] },
            "it lets everybody invoke the function. Set authorizationType to AWS_IAM. [authorizationType]",
            "it lets pages of every origin call the function. Name the origins in cors.allowOrigins. [cors]",
        ],
        [{ authorizationType: UNKNOWN }, unknown("authorizationType")],
        [{ authorizationType: "AWS_IAM", cors: { allowOrigins: [UNKNOWN] } }, unknown("cors.allowOrigins.0")],
    ],
);

const holds = (name: string) => `it holds a credential in the variable ${name}. ${secrets.mend} [${name}]`;

tries(
    secrets,
    (variables) => fn({ environment: { variables } }),
    [
        {},
        { TABLE: "orders", QUEUE_URL: UNKNOWN, TOKEN_TTL_SECONDS: "300", PASSWORD_MIN_LENGTH: "12", DEBUG: true },
        { SECRET_ARN: UNKNOWN, DB_SECRET: "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf" },
    ],
    [
        [{ DB_PASSWORD: "hunter2hunter2" }, holds("DB_PASSWORD")],
        [{ ID: "AKIAIOSFODNN7EXAMPLE" }, holds("ID")],
        [{ API_KEY: "abc123", DB_PASSWORD: UNKNOWN }, holds("API_KEY"), unknown("environment.variables.DB_PASSWORD")],
    ],
);

tries(
    envCmk,
    fn,
    [{}, { environment: { variables: {} } }, { environment: { variables: { A: UNKNOWN } }, kmsKeyArn: UNKNOWN }],
    [
        [
            { environment: { variables: { A: UNKNOWN } }, kmsKeyArn: "" },
            "it has environment variables that are not encrypted with a customer managed key. Set kmsKeyArn to the ARN of a customer managed key.",
        ],
    ],
);

const runsOn = (name: string) => `it runs on ${name}, which is no supported runtime. ${runtime.mend} [${name}]`;

tries(
    runtime,
    fn,
    [{ runtime: "nodejs24.x" }, { runtime: "provided.al2023", packageType: "Zip" }, { packageType: "Image" }],
    [
        [{ runtime: "nodejs18.x" }, runsOn("nodejs18.x")],
        [{ runtime: "nodejs20.x" }, runsOn("nodejs20.x")],
        [{}, runsOn("none")],
        [{ runtime: UNKNOWN }, unknown("runtime")],
    ],
);

tries(
    tracing,
    fn,
    [{ tracingConfig: { mode: "Active" } }, { tracingConfig: [{ mode: "Active" }] }],
    [{}, { tracingConfig: { mode: "PassThrough" } }].map(
        (props) => [props, "it does not trace its invocations. Set tracingConfig.mode to Active."] as const,
    ),
);

const byDefault = (name: string) =>
    `it has Lambda's default for ${name}. Set ${name} to what the function needs. [${name}]`;

tries(
    limits,
    fn,
    [{ timeout: 10, memorySize: 256, reservedConcurrentExecutions: 0 }],
    [
        [{}, byDefault("timeout"), byDefault("memorySize"), byDefault("reservedConcurrentExecutions")],
        [
            { timeout: 3, memorySize: UNKNOWN, reservedConcurrentExecutions: -1 },
            byDefault("timeout"),
            unknown("memorySize"),
            byDefault("reservedConcurrentExecutions"),
        ],
    ],
);

tries(
    multiAz,
    fn,
    [{}, { vpcConfig: { subnetIds: [], securityGroupIds: [] } }, { vpcConfig: { subnetIds: [UNKNOWN, "subnet-b"] } }],
    [
        [
            { vpcConfig: { subnetIds: ["subnet-a"] } },
            "it runs in one subnet alone. Name two or more subnets of different availability zones in vpcConfig.subnetIds.",
        ],
        [{ vpcConfig: { subnetIds: UNKNOWN } }, unknown("vpcConfig.subnetIds")],
    ],
);
