import * as events from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** What a proxy does with a call. */
export type Fate =
    | "forward"
    /** Nothing is forwarded, and the connection is closed. */
    | "cut"
    /** The call is forwarded and takes effect, but its answer never arrives. */
    | "cut after"
    /** The proxy answers itself. */
    | { readonly status: number }
    /** The call is forwarded, and its answer gets these headers, or loses them. */
    | { readonly headers: Readonly<Record<string, string | undefined>> };

/** A call on its way. */
export interface PassingCall {
    /** What it is, in a few words. */
    readonly label: string;
    /** 1 for the first call since the last reset, over all proxies. */
    readonly number: number;
}

/** Proxies before several servers: they see in which order a program calls them, and may disturb the calls. */
export interface Proxies<Name extends string> {
    /** Where each proxy listens. */
    readonly urls: Readonly<Record<Name, string>>;
    /** Labels of the calls since the last reset, in their order. */
    readonly calls: string[];
    /** Decides over each call. @default all are forwarded */
    intercept: (call: PassingCall) => Fate | Promise<Fate>;
    /** Forgets the calls and lets everything pass. */
    reset(): void;
    close(): Promise<void>;
}

/** A server behind a proxy. */
export interface Behind {
    /** Where it is now. */
    readonly url: () => string;
    readonly label: (request: http.IncomingMessage, body: string) => string;
}

/** Starts a proxy before each server. */
export async function startProxies<Name extends string>(
    servers: Readonly<Record<Name, Behind>>,
): Promise<Proxies<Name>> {
    const entries = Object.entries<Behind>(servers);
    const listeners = entries.map(([, behind]) =>
        http.createServer((request, response) => void pass(behind, proxies, request, response)),
    );
    for (const listener of listeners) {
        await events.once(listener.listen(0, "127.0.0.1"), "listening");
    }
    const urlOf = (index: number) => `http://127.0.0.1:${(listeners[index].address() as AddressInfo).port}`;
    const proxies: Proxies<Name> = {
        urls: Object.fromEntries(entries.map(([name], index) => [name, urlOf(index)])) as Record<Name, string>,
        calls: [],
        intercept: () => "forward",
        reset() {
            proxies.calls.length = 0;
            proxies.intercept = () => "forward";
        },
        async close() {
            for (const listener of listeners) {
                listener.closeAllConnections();
                await new Promise((resolve) => listener.close(resolve));
            }
        },
    };
    return proxies;
}

async function pass(
    { url, label }: Behind,
    proxies: Proxies<string>,
    request: http.IncomingMessage,
    response: http.ServerResponse,
): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const call = { label: label(request, body.toString()), number: proxies.calls.length + 1 };
    proxies.calls.push(call.label);
    const fate = await proxies.intercept(call);
    if (fate === "cut") {
        response.destroy();
        return;
    }
    if (typeof fate === "object" && "status" in fate) {
        response.writeHead(fate.status).end();
        return;
    }
    const answer = await forward(url(), request, body);
    if (fate === "cut after") {
        response.destroy();
        return;
    }
    const headers = { ...answer.headers, ...(typeof fate === "object" ? fate.headers : {}) };
    const sent = Object.entries(headers).filter(([, value]) => value !== undefined);
    response.writeHead(answer.status, Object.fromEntries(sent)).end(answer.body);
}

async function forward(url: string, { method, url: target, headers }: http.IncomingMessage, body: Buffer) {
    const { hostname, port } = new URL(url);
    const sent = http.request({ hostname, port, method, path: target, headers, agent: false }).end(body);
    const [answer] = (await events.once(sent, "response")) as [http.IncomingMessage];
    return {
        status: answer.statusCode!,
        headers: answer.headers,
        body: Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>)),
    };
}
