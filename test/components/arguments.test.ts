import * as assert from "node:assert/strict";
import { ApiGatewayAccount } from "../../components/support/apiGatewayAccount";
import { Callback } from "../../components/support/callback";
import { Encryption } from "../../components/support/encryption";
import { namesOf, stackNames } from "../../components/support/names";
import { RestApi } from "../../components/support/restApi";
import type { Route } from "../../handlers/shared/route";
import { planOfProgram } from "./support/evaluate";

const operations = () => ({
    encryption: new Encryption("encryption", { mode: "aws-managed" }),
    logs: { retentionDays: 1, level: "INFO" as const },
    alarmTopics: ["arn:aws:sns:eu-west-1:111111111111:alarms"],
});

const callback = (name = "answer") =>
    new Callback(name, {
        factory: () => () => Promise.resolve({ statusCode: 200 }),
        description: "Answers",
        operations: operations(),
    });

const route = (auth: Route["auth"], path = "/x"): Route => ({
    method: "GET",
    path,
    auth,
    summary: "",
    headers: [],
    responses: {},
});

const api = (more: Partial<ConstructorParameters<typeof RestApi>[1]>) =>
    new RestApi("api", {
        ...{ title: "Api", stage: "dev", routes: [route("none")], callback: callback(), corsOrigins: ["*"] },
        ...{ account: new ApiGatewayAccount("account"), operations: operations() },
        ...more,
    });

describe("arguments", () => {
    it("are refused when a route asks for an API key that nobody can have", async () => {
        await assert.rejects(
            planOfProgram(() => void api({ routes: [route("apiKey")] })),
            /api: `usagePlan` must be given exactly if a route has `auth: "apiKey"`/,
        );
    });

    it("are refused when there is an authorizer that no route asks for", async () => {
        await assert.rejects(
            planOfProgram(
                () =>
                    void api({
                        authorizer: { callback: callback("authorize"), header: "Authorization", rememberSeconds: 300 },
                    }),
            ),
            /api: `authorizer` must be given exactly if a route has `auth: "authorizer"`/,
        );
    });

    it("put an authorizer before the routes that ask for it, and let API Gateway invoke it", async () => {
        const { resources } = await planOfProgram(() => {
            const authorizer = { callback: callback("authorize"), header: "Authorization", rememberSeconds: 300 };
            api({ routes: [route("authorizer"), route("none", "/open")], authorizer });
        });

        const { body } = resources.find(({ type }) => type === "aws:apigateway/restApi:RestApi")!.inputs as {
            body: string;
        };
        const { paths, components } = JSON.parse(body);
        assert.deepEqual(
            [paths["/x"].get.security, paths["/x"].options.security, paths["/open"].get.security],
            [[{ authorizer: [] }], undefined, undefined],
        );
        assert.deepEqual(components.securitySchemes.authorizer, {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                type: "request",
                authorizerUri:
                    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:quartet-dev-authorize/invocations",
                identitySource: "method.request.header.Authorization",
                authorizerResultTtlInSeconds: 300,
            },
        });
        const permission = resources.find(({ name }) => name === "api-invoke-authorizer")!;
        assert.equal(permission.inputs.function, "quartet-dev-authorize");
        assert.match(String(permission.inputs.sourceArn), /:[a-z0-9]{10}\/authorizers\/\*$/);
    });

    it("are refused when the routes behind one proxy are authorised in two ways", async () => {
        const routes = [route("none"), route("token", "/y")];

        await assert.rejects(
            planOfProgram(() => void api({ routes, proxy: true })),
            /Api: behind one proxy all routes must be authorised alike, not by none and token\./,
        );
    });

    it("are refused when a physical name would be longer than AWS allows", async () => {
        const name = "a".repeat(53);

        await assert.rejects(
            planOfProgram(() => void callback(name)),
            {
                message: `The name quartet-dev-${name} has 65 characters, AWS allows 64; shorten the component's name or the stack's.`,
            },
        );
    });

    it("are refused when the config names no region, or not exactly one account", async () => {
        const names = () => void stackNames();

        await assert.rejects(
            planOfProgram(names, { "aws:region": "" }),
            /aws:region is : it must be the name of a region/,
        );
        await assert.rejects(
            planOfProgram(names, { "aws:allowedAccountIds": ["111111111111", "222222222222"] }),
            /aws:allowedAccountIds is .*: it must be a list of the one account id/,
        );
    });

    it("give alarms their targets", async () => {
        const { resources } = await planOfProgram(() => void callback());

        const alarms = resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
        assert.deepEqual(
            alarms.map(({ name, inputs }) => [name, inputs.metricName, inputs.alarmActions]),
            [
                ["answer-errors", "Errors", ["arn:aws:sns:eu-west-1:111111111111:alarms"]],
                ["answer-throttles", "Throttles", ["arn:aws:sns:eu-west-1:111111111111:alarms"]],
            ],
        );
    });
});

describe("names", () => {
    it("stand in the partition of their region", () => {
        assert.equal(
            namesOf("p-s", "cn-north-1", "1").arn("lambda", "function:f"),
            "arn:aws-cn:lambda:cn-north-1:1:function:f",
        );
        assert.equal(namesOf("p-s", "us-gov-west-1", "1").bucketArn("b", "*"), "arn:aws-us-gov:s3:::b/*");
    });
});
