import * as crypto from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { awsError } from "../errors";
import { claimedService, readHeaders } from "../sigv4/signature";
import type { AwsApi, AwsCall } from "./types";

/** Answers a request that is no signed AWS call, such as one to a deployed API. */
export type PathHandler = (request: http.IncomingMessage, response: http.ServerResponse) => void | Promise<void>;

export interface GatewayArgs {
    /** AWS APIs, each found by its signing name. */
    readonly apis: readonly AwsApi[];
    /** Handlers by the first segment of the path, e.g. `_api`. An underscore begins no bucket name. */
    readonly paths: Readonly<Record<string, PathHandler>>;
    /** Verifies a request's signature. */
    readonly authenticate: (request: http.IncomingMessage, requestId: string) => AwsCall | Promise<AwsCall>;
}

export interface Gateway {
    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any.
     * @returns The port.
     * @throws When the port is in use, with a sentence that names the way out.
     */
    listen(port: number): Promise<number>;
    /** Takes no more requests; resolves when those under way are answered, or after `graceMs`. */
    close(graceMs: number): Promise<void>;
}

/** The one port of the local run: AWS's APIs and the deployed APIs behind it. */
export function createGateway({ apis, paths, authenticate }: GatewayArgs): Gateway {
    const bySigningName = new Map(apis.map((api) => [api.signingName, api]));
    const fallback = bySigningName.get("s3") ?? apis[0];

    const serveAws = async (request: http.IncomingMessage, response: http.ServerResponse) => {
        const requestId = crypto.randomUUID();
        let api = fallback;
        try {
            const call = await authenticate(request, requestId);
            const found = bySigningName.get(call.service);
            if (!found) {
                throw awsError("NotImplemented", 501, `The local run has no ${call.service}.`);
            }
            api = found;
            await api.handle(call, response);
        } catch (error) {
            const [path] = (request.url ?? "/").split("?");
            api = bySigningName.get(claimed(request)) ?? api;
            api.writeError(error, { requestId, method: request.method ?? "GET", path }, response);
        }
    };

    const server = http.createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
        const url = request.url ?? "/";
        if (url.startsWith("/_")) {
            const end = url.slice(1).search(/[/?]/);
            const handler = paths[end < 0 ? url.slice(1) : url.slice(1, end + 1)];
            if (handler) {
                void serve(handler, request, response);
                return;
            }
        }
        void serveAws(request, response);
    });
    return { listen: (port) => listen(server, port), close: (graceMs) => close(server, graceMs) };
}

/** A handler answers its own errors; what is left is a fault of the local run, which must show and must not end it. */
async function serve(
    handler: PathHandler,
    request: http.IncomingMessage,
    response: http.ServerResponse,
): Promise<void> {
    try {
        await handler(request, response);
    } catch (error) {
        process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
        if (!response.headersSent) {
            response.writeHead(500, { "content-type": "application/json" });
        }
        response.end();
    }
}

/** The service that a request names as signed for, also when its signature is wrong. */
function claimed({ url = "/", rawHeaders }: http.IncomingMessage): string {
    return claimedService({ method: "", url, headers: readHeaders(rawHeaders) });
}

function listen(server: http.Server, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
        server.once("error", (error: NodeJS.ErrnoException) => {
            reject(
                error.code === "EADDRINUSE"
                    ? new Error(`Port ${port} is in use; give another one with --port, or 0 for any.`)
                    : error,
            );
        });
        server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
}

async function close(server: http.Server, graceMs: number): Promise<void> {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    await closed;
    clearTimeout(timer);
}
