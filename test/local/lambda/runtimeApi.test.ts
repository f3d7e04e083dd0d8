import * as assert from "node:assert/strict";
import * as http from "node:http";
import * as net from "node:net";
import { serveRuntimeApi, type RuntimeApi } from "../../../local/services/lambda/runtimeApi";

const ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
const INVOCATION = {
    requestId: ID,
    invokedArn: "arn:aws:lambda:us-east-1:123456789012:function:fn",
    payload: '{"é":"€"}',
    traceId: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
    queuedAt: 0,
    settle: () => {},
    reject: () => {},
};

/** Another runtime than ours, over Node's own client: what aws-lambda-ric sends. */
describe("Lambda: the Runtime API", () => {
    let api: RuntimeApi;
    let seen: unknown[];
    let asked: Promise<void>;
    let busy: boolean;

    beforeEach(async () => {
        seen = [];
        busy = false;
        let next: () => void;
        asked = new Promise((resolve) => (next = resolve));
        api = await serveRuntimeApi({
            mayAsk: () => !busy,
            next: () => next(),
            response: (id, body) => seen.push(["response", id, body]),
            error: (id, body) => seen.push(["error", id, body]),
            initError: (body) => seen.push(["initError", body]),
            isCurrent: (id) => id === ID,
        });
    });
    afterEach(() => api.close());

    const send = (method: string, path: string, body?: string | string[], headers: Record<string, string> = {}) =>
        new Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }>((resolve, reject) => {
            const request = http.request(
                `http://${api.address}/2018-06-01/runtime${path}`,
                { method, headers, agent },
                (response) => {
                    const { statusCode: status = 0, headers: received } = response;
                    let text = "";
                    response.setEncoding("utf8").on("data", (part: string) => (text += part));
                    response.on("end", () => resolve({ status, headers: received, text }));
                },
            );
            request.on("error", reject);
            // Written in parts, a body goes out chunked.
            (Array.isArray(body) ? body : []).forEach((part) => request.write(part));
            request.end(typeof body === "string" ? body : undefined);
        });
    const agent = new http.Agent({ keepAlive: true });
    after(() => agent.destroy());

    it("hands an invocation to who asked for the next one, with the headers that a runtime needs", async () => {
        const next = send("GET", "/invocation/next");
        await asked;

        api.deliver(INVOCATION, 1542409706888);

        const { status, headers, text } = await next;
        assert.equal(status, 200);
        assert.equal(text, '{"é":"€"}');
        assert.equal(headers["lambda-runtime-aws-request-id"], ID);
        assert.equal(headers["lambda-runtime-deadline-ms"], "1542409706888");
        assert.equal(headers["lambda-runtime-invoked-function-arn"], INVOCATION.invokedArn);
        assert.equal(headers["lambda-runtime-trace-id"], INVOCATION.traceId);
    });

    it("takes responses with a length, chunked, and empty", async () => {
        const whole = await send("POST", `/invocation/${ID}/response`, '"é"');
        const chunked = await send("POST", `/invocation/${ID}/response`, ['{"a":', "1}"], {
            "transfer-encoding": "chunked",
        });
        const empty = await send("POST", `/invocation/${ID}/response`, "");

        assert.deepEqual(
            [whole, chunked, empty].map(({ status }) => status),
            [202, 202, 202],
        );
        assert.deepEqual(seen, [
            ["response", ID, '"é"'],
            ["response", ID, '{"a":1}'],
            ["response", ID, ""],
        ]);
    });

    it("takes errors of invocations and of loading, and makes a body from the type's header when there is none", async () => {
        await send("POST", `/invocation/${ID}/error`, '{"errorType":"E"}', {
            "lambda-runtime-function-error-type": "E",
        });
        await send("POST", "/init/error", "", { "Lambda-Runtime-Function-Error-Type": "Runtime.NoSuchHandler" });

        assert.deepEqual(seen, [
            ["error", ID, '{"errorType":"E"}'],
            ["initError", '{"errorType":"Runtime.NoSuchHandler","errorMessage":"Unknown error"}'],
        ]);
    });

    it("refuses an answer for another invocation, a second listener, an unknown path and what is not HTTP", async () => {
        const first = send("GET", "/invocation/next").catch(() => undefined);
        await asked;

        const other = await send("POST", "/invocation/00000000-0000-0000-0000-000000000000/response", "{}");
        const second = await send("GET", "/invocation/next");
        const unknown = await send("GET", "/nothing");
        const garbage = await new Promise<string>((resolve) => {
            const [host, port] = api.address.split(":");
            const socket = net.connect(Number(port), host, () => socket.write("hello\r\n\r\n"));
            socket.once("data", (data) => resolve(data.toString()));
        });

        assert.deepEqual([other.status, second.status, unknown.status], [400, 403, 404]);
        assert.match(garbage, /^HTTP\/1\.1 400 /);
        assert.deepEqual(seen, []);
        api.close();
        await first;
    });

    it("refuses to hand out another invocation while one is unanswered", async () => {
        busy = true;

        assert.equal((await send("GET", "/invocation/next")).status, 403);
    });

    it("throws away an answer over the limit and goes on with the connection", async () => {
        const { status } = await send("POST", `/invocation/${ID}/response`, "x".repeat(6_291_557));
        const after = await send("POST", `/invocation/${ID}/response`, "1");

        assert.deepEqual([status, after.status], [413, 202]);
        assert.deepEqual(seen, [
            ["response", ID, undefined],
            ["response", ID, "1"],
        ]);
    });
});
