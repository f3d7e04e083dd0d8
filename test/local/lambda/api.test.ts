import * as assert from "node:assert/strict";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { createHarness, type Harness } from "./support/harness";

/** Client packages of Lambda are not installed, so its requests are made by hand; signatures are the gateway's matter. */
describe("Lambda: the API", () => {
    let harness: Harness;
    let server: http.Server;
    let url: string;

    beforeEach(async () => {
        harness = createHarness({ retryDelaysMs: [10, 10] });
        server = serve(harness);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/2015-03-31/functions`;
        await harness.declare(
            "fn",
            "exports.handler = async (event) => { if (event.fail) throw new Error('no'); console.log('ran', event); return event; }",
            {
                environment: { variables: { MODE: "test" } },
                reservedConcurrentExecutions: 5,
            },
        );
    });
    afterEach(async () => {
        server.close();
        server.closeAllConnections();
        await harness.close();
    });

    const invoke = (name: string, body: string, headers: Record<string, string> = {}) =>
        fetch(`${url}/${encodeURIComponent(name)}/invocations`, { method: "POST", body, headers });

    const startsIn = (lines: readonly string[]) => lines.filter((line) => line.startsWith("START"));

    /** Resolves when the lines of a log are such. */
    const logHolds = (such: (lines: readonly string[]) => boolean) =>
        new Promise<void>((resolve) => {
            const set = harness.logged.set.bind(harness.logged);
            harness.logged.set = (group, lines) => {
                set(group, lines);
                if (such(lines)) {
                    resolve();
                }
                return harness.logged;
            };
        });

    it("invokes by name and by ARN", async () => {
        const byName = await invoke("fn", '{"a":1}');
        const byArn = await invoke("arn:aws:lambda:us-east-1:123456789012:function:fn", '{"a":2}');

        assert.deepEqual([byName.status, await byName.json()], [200, { a: 1 }]);
        assert.deepEqual([byArn.status, await byArn.json()], [200, { a: 2 }]);
        assert.equal(byName.headers.get("x-amz-function-error"), null);
        assert.match(byName.headers.get("x-amzn-requestid")!, /^[0-9a-f-]{36}$/);
    });

    it("marks a function error by X-Amz-Function-Error with status 200", async () => {
        const response = await invoke("fn", '{"fail":true}');

        assert.equal(response.status, 200);
        assert.equal(response.headers.get("x-amz-function-error"), "Unhandled");
        assert.equal(((await response.json()) as { errorMessage: string }).errorMessage, "no");
    });

    it("returns the log of this invocation alone when its tail is asked for", async () => {
        await invoke("fn", '"earlier"');

        const response = await invoke("fn", '"this"', { "x-amz-log-type": "Tail" });
        const log = Buffer.from(response.headers.get("x-amz-log-result")!, "base64").toString();

        assert.match(log, /^START RequestId: [\s\S]*\tINFO\tran this\nEND RequestId: [\s\S]*REPORT .*\n$/);
        assert.doesNotMatch(log, /earlier/);
        assert.ok(log.includes(response.headers.get("x-amzn-requestid")!));
    });

    it("accepts an event with 202, and tries it three times before it tells that it gave up", async () => {
        const given = new Promise<string>((resolve) => (harness.printed.push = (line) => Number(resolve(line))));
        const startedThrice = logHolds((lines) => startsIn(lines).length >= 3);

        const response = await invoke("fn", '{"fail":true}', { "x-amz-invocation-type": "Event" });

        assert.deepEqual([response.status, await response.text()], [202, ""]);
        assert.equal(await given, "fn: an event is given up after 3 attempts, the last of which ended with Error");
        // A function's log comes on a way of its own, and may be later than its answer.
        await startedThrice;
        assert.equal(startsIn(harness.logged.get("/aws/lambda/fn")!).length, 3);
    });

    it("checks a dry run and runs nothing", async () => {
        const response = await invoke("fn", "{}", { "x-amz-invocation-type": "DryRun" });

        assert.equal(response.status, 204);
        assert.deepEqual([...harness.logged.keys()], []);
    });

    it("refuses a payload that is not JSON, or too large, or for nobody", async () => {
        const notJson = await invoke("fn", "{");
        const tooLarge = await invoke("fn", `"${"x".repeat(6 * 1024 * 1024)}"`);
        const unknown = await invoke("nobody", "{}");

        assert.deepEqual(
            [notJson.status, notJson.headers.get("x-amzn-errortype")],
            [400, "InvalidRequestContentException"],
        );
        assert.match(
            ((await notJson.json()) as { message: string }).message,
            /^Could not parse request body into json: /,
        );
        assert.deepEqual(
            [tooLarge.status, tooLarge.headers.get("x-amzn-errortype")],
            [413, "RequestTooLargeException"],
        );
        assert.equal(unknown.status, 404);
        assert.deepEqual(await unknown.json(), {
            Type: "User",
            Message: "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody",
        });
    });

    it("refuses each operation by its own action", async () => {
        for (const [action, path, method] of [
            ["lambda:InvokeFunction", "/fn/invocations", "POST"],
            ["lambda:GetFunction", "/fn", "GET"],
            ["lambda:GetFunctionConfiguration", "/fn/configuration", "GET"],
            ["lambda:ListFunctions", "", "GET"],
        ]) {
            harness.allow = (request) => request.action !== action;

            const response = await fetch(url + path, { method, ...(method === "POST" ? { body: "{}" } : {}) });

            assert.deepEqual(
                [action, response.status, response.headers.get("x-amzn-errortype")],
                [action, 403, "AccessDeniedException"],
            );
        }
    });

    it("says 429 with the reason beyond the reserved concurrency", async () => {
        await harness.declare("off", "", { reservedConcurrentExecutions: 0 });

        const response = await invoke("off", "{}");

        assert.equal(response.status, 429);
        assert.deepEqual(await response.json(), {
            Type: "User",
            message: "Rate Exceeded.",
            Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
        });
    });

    it("describes functions", async () => {
        const list = (await (await fetch(url)).json()) as { Functions: Record<string, unknown>[] };
        const one = (await (await fetch(`${url}/fn`)).json()) as {
            Configuration: Record<string, unknown>;
            Concurrency: unknown;
        };

        assert.deepEqual(list.Functions, [one.Configuration]);
        assert.deepEqual(one.Concurrency, { ReservedConcurrentExecutions: 5 });
        const { FunctionName, FunctionArn, Runtime, Timeout, Environment } = one.Configuration;
        assert.deepEqual(
            { FunctionName, FunctionArn, Runtime, Timeout, Environment },
            {
                FunctionName: "fn",
                FunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:fn",
                Runtime: "nodejs24.x",
                Timeout: 10,
                Environment: { Variables: { MODE: "test" } },
            },
        );
    });

    it("answers 501 and the operation's name to what it has not", async () => {
        const response = await fetch(`${url}/fn`, { method: "DELETE" });

        assert.equal(response.status, 501);
        assert.match(((await response.json()) as { Message: string }).Message, /DELETE \/2015-03-31\/functions\/fn/);
    });
});

/** Stands in for the gateway: every caller is the administrator. */
function serve({ lambda }: Harness): http.Server {
    return http.createServer((request, response) => {
        const { pathname, searchParams } = new URL(request.url!, "http://localhost");
        const call = {
            service: "lambda",
            region: "us-east-1",
            principal: { type: "admin", arn: "arn:aws:iam::123456789012:user/admin" },
            method: request.method!,
            path: pathname,
            query: searchParams,
            headers: request.headers,
            body: request,
            trailers: {},
            requestId: "6f1c2f3e-0000-4000-8000-000000000000",
            sourceIp: "127.0.0.1",
        } as const;
        lambda.handle(call, response).catch((error: unknown) => lambda.writeError(error, call, response));
    });
}
