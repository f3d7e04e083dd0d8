import * as http from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { send, type Reply } from "../../local/stack/support/stack";

/** What comes to a {@link LoadProxy}. */
export interface Passing {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body: string;
    /** Sends it on, as it came or changed, and answers the answer. */
    forward(changed?: { readonly headers?: Record<string, string> }): Promise<Reply>;
}

/** An answer of a proxy: a reply, `"hang up"` for none, or another. */
export type Passed = Reply | "hang up" | { readonly status: number; readonly json: object };

/** A server between a client and the local run, which does not keep the run's promises. */
export interface LoadProxy {
    /** The address of the run, by way of this server. */
    through(url: string): string;
    close(): Promise<void>;
}

/** Starts a proxy before the server of an address. @param pass Answers each request. */
export async function startLoadProxy(url: string, pass: (passing: Passing) => Promise<Passed>): Promise<LoadProxy> {
    const { origin } = new URL(url);
    const server = http.createServer((request, response) => {
        void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
        const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
        const { method = "", url: path = "" } = request;
        const {
            host: _,
            connection: __,
            "content-length": ___,
            ...headers
        } = request.headers as Record<string, string>;
        const forward: Passing["forward"] = (changed) =>
            send(origin + path, { method, headers, ...(body === "" ? {} : { body }), ...changed });
        const passed = await pass({ method, path, headers, body, forward });
        if (passed === "hang up") {
            request.socket.destroy();
            return;
        }
        const text = "text" in passed ? passed.text : JSON.stringify(passed.json);
        response.writeHead(passed.status, { "content-type": "application/json" }).end(text);
    };
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return {
        through: (address) => address.replace(origin, `http://127.0.0.1:${port}`),
        async close() {
            server.close();
            server.closeAllConnections();
            await once(server, "close");
        },
    };
}
