import * as assert from "node:assert/strict";
import { namesOf, stackNames } from "../../components/support/names";
import { api, authorizer, bodyOf, callback, route } from "./support/blocks";
import { planOfProgram } from "./support/evaluate";

describe("arguments", () => {
    it("are refused when a route asks for an API key that nobody can have", async () => {
        await assert.rejects(
            planOfProgram(() => void api({ routes: [route("apiKey")] })),
            /api: `usagePlan` must be given exactly if a route has `auth: "apiKey"`/,
        );
    });

    it("are refused when there is an authorizer that no route asks for", async () => {
        await assert.rejects(
            planOfProgram(() => void api({ authorizer: authorizer() })),
            /api: `authorizer` must be given exactly if a route has `auth: "authorizer"`/,
        );
    });

    it("are refused when roles are named for a route that no role calls, or a route asks for roles and none is named", async () => {
        const iamCallers = ["arn:aws:iam::111111111111:role/worker"];
        const message =
            /api: `iamCallers` must be given exactly if a route has `auth: "iam"`; otherwise nobody could call it/;

        await assert.rejects(
            planOfProgram(() => void api({ iamCallers })),
            message,
        );
        await assert.rejects(
            planOfProgram(() => void api({ routes: [route("iam")] })),
            message,
        );
    });

    it("put an authorizer before the routes that ask for it, and let API Gateway invoke it", async () => {
        const plan = await planOfProgram(
            () =>
                void api({
                    routes: [route("authorizer"), route("none", "/open")],
                    authorizer: authorizer(),
                }),
        );

        const { paths, components } = bodyOf(plan);
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
        const permission = plan.resources.find(({ name }) => name === "api-invoke-authorizer")!;
        assert.equal(permission.inputs.function, "quartet-dev-authorize");
        assert.match(String(permission.inputs.sourceArn), /:[a-z0-9]{10}\/authorizers\/\*$/);
    });

    it("guard routes that roles call by signatures, and let in the named roles alone", async () => {
        const iamCallers = ["arn:aws:iam::111111111111:role/one", "arn:aws:iam::111111111111:role/other"];
        const routes = [route("iam", "/jobs/{id}", "POST"), route("none", "/jobs/{id}"), route("iam", "/end")];

        const body = bodyOf(await planOfProgram(() => void api({ routes, iamCallers })));

        const { post, get, options } = body.paths["/jobs/{id}"];
        assert.deepEqual([post.security, get.security, options.security], [[{ iam: [] }], undefined, undefined]);
        assert.deepEqual(body.components.securitySchemes.iam, {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        });
        const [open, closed] = body["x-amazon-apigateway-policy"].Statement;
        const path = (text: string) => `execute-api:/dev/${text}`;
        assert.deepEqual(open.Resource, [path("GET/jobs/*"), path("OPTIONS/jobs/*"), path("OPTIONS/end")]);
        assert.deepEqual(closed.Resource, [path("POST/jobs/*"), path("GET/end")]);
        assert.deepEqual(closed.Condition, { ArnNotEquals: { "aws:PrincipalArn": iamCallers } });
    });

    it("make no resource policy where no role calls", async () => {
        const body = bodyOf(await planOfProgram(() => void api({})));

        assert.equal("x-amazon-apigateway-policy" in body, false);
        assert.equal("iam" in body.components.securitySchemes, false);
    });

    it("name a route to a role by its stage, method and path", async () => {
        let arn = "";

        await planOfProgram(() => {
            const jobs = api({ stage: "dev-jobs" });
            arn = jobs.invokeArn({ method: "POST", path: "/jobs" });
        });

        assert.equal(arn, "arn:aws:execute-api:eu-west-1:111111111111:*/dev-jobs/POST/jobs");
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
