import * as net from "node:net";
import { headerOf, httpRequests, HttpSyntaxError, type HttpRequest } from "./httpRequests";
import type { PendingInvocation } from "./invocation";

/** What an environment's runtime tells over the Runtime API. */
export interface RuntimeEvents {
    /** Whether it has nothing to answer. */
    mayAsk(): boolean;
    /** It asked for the next invocation; {@link RuntimeApi.deliver} may be called. */
    next(): void;
    /** The handler returned; undefined when the text is longer than Lambda takes. */
    response(requestId: string, body: string | undefined): void;
    /** The handler threw, with the runtime's own description. */
    error(requestId: string, body: string): void;
    /** The function could not be loaded. */
    initError(body: string): void;
    /** Whether an invocation is the one being worked on. */
    isCurrent(requestId: string): boolean;
}

/** The Runtime API of one execution environment. */
export interface RuntimeApi {
    /** `127.0.0.1:<port>`, for `AWS_LAMBDA_RUNTIME_API`. */
    readonly address: string;
    /** Answers the waiting `next` call. */
    deliver(invocation: PendingInvocation, deadlineMs: number): void;
    close(): void;
}

/** Largest answer of a handler, in bytes: 6 MB and what Lambda adds, as its error message says. */
export const LARGEST_RESPONSE = 6_291_556;

/**
 * Serves the Runtime API, version 2018-06-01, on a port of its own: the port tells environments apart, as the API has no other
 * means. Wire-compatible with aws-lambda-ric. Source: Lambda Developer Guide, "Using the Lambda runtime API".
 */
export function serveRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
    const sockets = new Set<net.Socket>();
    let waiting: Connection | undefined;
    const server = net.createServer({ noDelay: true }, (socket) => {
        const connection: Connection = { socket, out: "", reading: false };
        sockets.add(socket);
        const take = httpRequests(LARGEST_RESPONSE, (request) => {
            if (request.method === "GET" && request.path === NEXT && waiting === undefined && events.mayAsk()) {
                waiting = connection;
                events.next();
            } else {
                connection.out += answer(request, events);
            }
        });
        socket.on("data", (chunk) => {
            connection.reading = true;
            try {
                take(chunk);
            } catch (error) {
                if (!(error instanceof HttpSyntaxError)) {
                    throw error;
                }
                connection.out += plain("400 Bad Request", errorBody("InvalidRequest", error.message));
                send(connection);
                socket.end();
                socket.removeAllListeners("data").resume();
            }
            connection.reading = false;
            send(connection);
        });
        socket.on("close", () => {
            sockets.delete(socket);
            waiting = waiting === connection ? undefined : waiting;
        });
        // A killed process resets its connections; its end is noticed as the end of the process.
        socket.on("error", () => socket.destroy());
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () =>
            resolve({
                address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
                deliver(invocation, deadlineMs) {
                    if (waiting !== undefined) {
                        deliverTo(waiting, invocation, deadlineMs);
                        waiting = undefined;
                    }
                },
                close() {
                    server.close();
                    sockets.forEach((socket) => socket.destroy());
                },
            }),
        );
    });
}

interface Connection {
    readonly socket: net.Socket;
    /** Responses to the requests of one chunk, which leave together. */
    out: string;
    reading: boolean;
}

const NEXT = "/2018-06-01/runtime/invocation/next";
const RESULT = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;
const ACCEPTED = plain("202 Accepted", '{"status":"OK"}');

function answer({ method, path, head, body }: HttpRequest, events: RuntimeEvents): string {
    if (path === NEXT) {
        // Whoever asks beside the runtime, such as a browser that probes ports, would swallow its invocation.
        return plain("403 Forbidden", errorBody("InvalidStateTransition", "The runtime waits or works already"));
    }
    const [, requestId, kind] = RESULT.exec(path) ?? [];
    if (method !== "POST" || (requestId === undefined && path !== "/2018-06-01/runtime/init/error")) {
        return plain("404 Not Found", errorBody("NotFound", `No such operation: ${method} ${path}`));
    }
    const text = body?.toString("utf8");
    if (requestId === undefined) {
        events.initError(
            text ||
                errorBody(headerOf(head, "lambda-runtime-function-error-type") ?? "Runtime.Unknown", "Unknown error"),
        );
        return ACCEPTED;
    }
    if (!events.isCurrent(requestId)) {
        return plain("400 Bad Request", errorBody("InvalidRequestID", "Invalid request ID"));
    }
    if (kind === "error") {
        events.error(
            requestId,
            text ||
                errorBody(headerOf(head, "lambda-runtime-function-error-type") ?? "Runtime.Unknown", "Unknown error"),
        );
        return ACCEPTED;
    }
    events.response(requestId, text);
    return text === undefined
        ? plain("413 Payload Too Large", errorBody("RequestEntityTooLarge", "The response is too large"))
        : ACCEPTED;
}

function deliverTo(connection: Connection, invocation: PendingInvocation, deadlineMs: number): void {
    connection.out +=
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(invocation.payload)}\r\n` +
        `Lambda-Runtime-Aws-Request-Id: ${invocation.requestId}\r\nLambda-Runtime-Deadline-Ms: ${deadlineMs}\r\n` +
        `Lambda-Runtime-Invoked-Function-Arn: ${invocation.invokedArn}\r\nLambda-Runtime-Trace-Id: ${invocation.traceId}\r\n\r\n` +
        invocation.payload;
    if (!connection.reading) {
        send(connection);
    }
}

function send(connection: Connection): void {
    if (connection.out !== "" && connection.socket.writable) {
        connection.socket.write(connection.out);
    }
    connection.out = "";
}

function plain(status: string, body: string): string {
    return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function errorBody(errorType: string, errorMessage: string): string {
    return JSON.stringify({ errorType, errorMessage });
}
