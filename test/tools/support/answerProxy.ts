import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request on its way through. */
export interface PassingRequest {
    readonly method: string;
    /** With the query. */
    readonly path: string;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
}

export interface PassingAnswer {
    readonly status: number;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
}

/** Says what is answered instead; `undefined` where nothing is changed. */
export type Falsify = (request: PassingRequest, answer: PassingAnswer) => Partial<PassingAnswer> | undefined;

/** Stands before a server, and answers what it does not. */
export interface AnswerProxy {
    readonly origin: string;
    /** Changes answers from now on; none without an argument. */
    falsify(change?: Falsify): void;
    close(): Promise<void>;
}

/**
 * Starts a proxy on a free port of 127.0.0.1. It keeps the header `host`, which signatures cover, and puts its own origin into bodies where
 * the server's stands, so that clients come back to it.
 */
export async function startAnswerProxy(upstream: string): Promise<AnswerProxy> {
    let change: Falsify = () => undefined;
    let origin = "";
    const server = http.createServer((incoming, outgoing) => {
        answerOf(incoming, upstream).then(
            ({ request, answer }) => {
                const body = answer.body.replaceAll(upstream, origin);
                const { status, headers, body: last } = { ...answer, body, ...change(request, { ...answer, body }) };
                const { "content-length": _, "transfer-encoding": __, ...rest } = headers;
                outgoing.writeHead(status, rest);
                outgoing.end([204, 304].includes(status) ? undefined : last);
            },
            () => outgoing.destroy(),
        );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
        origin,
        falsify: (next = () => undefined) => (change = next),
        async close() {
            server.close();
            server.closeAllConnections();
            await once(server, "close");
        },
    };
}

async function answerOf(
    incoming: http.IncomingMessage,
    upstream: string,
): Promise<{ readonly request: PassingRequest; readonly answer: PassingAnswer }> {
    const { method = "GET", url: path = "/", headers } = incoming;
    const body = await buffer(incoming);
    const passed = http.request(upstream + path, {
        method,
        // A packed body could not be changed.
        headers: { ...headers, "accept-encoding": "identity" },
        agent: false,
    });
    passed.end(body);
    const [response] = (await once(passed, "response")) as [http.IncomingMessage];
    const text = (await buffer(response)).toString("utf8");
    return {
        request: { method, path, headers, body: body.toString("utf8") },
        answer: { status: response.statusCode!, headers: response.headers, body: text },
    };
}

/** An origin at which nobody listens. */
export async function closedOrigin(): Promise<string> {
    const server = http.createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return `http://127.0.0.1:${port}`;
}
