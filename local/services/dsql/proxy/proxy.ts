import * as net from "node:net";
import * as tls from "node:tls";
import { createTranslator } from "../sql/translate";
import {
    CANCEL_REQUEST,
    createMessageReader,
    fatal,
    GSS_REQUEST,
    PASSWORD_REQUEST,
    readStartup,
    SSL_REQUEST,
    startup,
    withSql,
    type Startup,
} from "./messages";

export interface ProxyOptions {
    readonly certificate: { readonly key: string; readonly cert: string };
    /** Decides on a token that a client gives for a database role. @throws When the server can't be asked. */
    readonly admit: (user: string, token: string) => Promise<boolean>;
    /** Path of the server's socket, once it takes connections. */
    readonly socket: () => Promise<string>;
}

export interface Proxy {
    /** On 127.0.0.1. */
    readonly port: number;
    close(): Promise<void>;
}

/** DSQL ends connections after an hour. */
const LONGEST_CONNECTION_MS = 60 * 60_000;

/** Listens for clients of one cluster: by TLS only, with a token for password, and in the words of Aurora DSQL. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
    const context = tls.createSecureContext(options.certificate);
    const sockets = new Set<net.Socket>();
    const server = net.createServer({ noDelay: true }, (socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
        // A client that is gone needs no answer.
        socket.on("error", () => socket.destroy());
        const limit = setTimeout(() => socket.destroy(), LONGEST_CONNECTION_MS).unref();
        socket.once("close", () => clearTimeout(limit));
        greet(socket, context, options);
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => resolve());
    });
    return {
        port: (server.address() as net.AddressInfo).port,
        async close() {
            const closed = new Promise((resolve) => server.close(resolve));
            sockets.forEach((socket) => socket.destroy());
            await closed;
        },
    };
}

/** What comes before TLS: requests for it, and cancellations. */
function greet(socket: net.Socket, context: tls.SecureContext, options: ProxyOptions): void {
    const reader = createMessageReader();
    const listen = guarded(socket, (chunk) => {
        const [first] = reader.push(chunk);
        if (!first) return;
        const { code } = readStartup(first);
        if (code === GSS_REQUEST) {
            socket.write("N");
        } else if (code === SSL_REQUEST && reader.rest() === 0) {
            socket.off("data", listen);
            socket.write("S");
            const secure = new tls.TLSSocket(socket, { isServer: true, secureContext: context });
            secure.on("error", () => socket.destroy());
            authenticate(secure, options);
        } else if (code === CANCEL_REQUEST) {
            void cancel(first, options).finally(() => socket.end());
        } else {
            socket.end(fatal("28000", "unable to accept connection, SSL is required"));
        }
    });
    socket.on("data", listen);
}

/** Reads who it is, asks for the token, and lets in. */
function authenticate(client: tls.TLSSocket, options: ProxyOptions): void {
    const reader = createMessageReader();
    let begun: Startup | undefined;
    const listen = guarded(client, (chunk) => {
        const [message] = reader.push(chunk);
        if (!message) return;
        if (!begun) {
            begun = readStartup(message);
            if (begun.code === CANCEL_REQUEST) {
                void cancel(message, options).finally(() => client.end());
                return;
            }
            reader.started();
            client.write(PASSWORD_REQUEST);
            return;
        }
        client.off("data", listen);
        client.pause();
        const token = message[0] === PASSWORD ? message.toString("utf8", 5, message.length - 1) : "";
        void letIn(client, begun, token, options);
    });
    client.on("data", listen);
}

const PASSWORD = "p".charCodeAt(0);

async function letIn(client: tls.TLSSocket, begun: Startup, token: string, options: ProxyOptions): Promise<void> {
    const user = begun.parameters.get("user") ?? "";
    if ((begun.parameters.get("database") ?? user) !== "postgres") {
        client.end(fatal("3D000", `database "${begun.parameters.get("database") ?? user}" does not exist`));
        return;
    }
    try {
        const socket = await options.socket();
        if (await options.admit(user, token)) {
            connect(client, begun, socket);
        } else {
            const hint = `IAM authentication failed for user "${user}"`;
            client.end(fatal("28000", "unable to accept connection, access denied", hint));
        }
    } catch {
        client.end(fatal("57P03", "the database system is starting up"));
    }
}

/** Parameters that a client may set when it connects; `options` could set anything. */
const PARAMETERS = [
    "user",
    "database",
    "application_name",
    "client_encoding",
    "DateStyle",
    "datestyle",
    "TimeZone",
    "extra_float_digits",
];

/** What the server says goes through untouched; what the client says is read for its SQL. */
function connect(client: tls.TLSSocket, { code, parameters }: Startup, socket: string): void {
    const server = net.createConnection(socket);
    const { translate } = createTranslator();
    const reader = createMessageReader();
    reader.started();
    server.on("error", () => client.destroy());
    server.on("close", () => client.destroySoon());
    client.on("close", () => server.destroySoon());
    server.write(startup({ code, parameters: new Map([...parameters].filter(([name]) => PARAMETERS.includes(name))) }));
    server.pipe(client);
    const listen = guarded(client, (chunk) => {
        const out = reader.push(chunk).map((message) => withSql(message, translate));
        if (out.length > 0 && !server.write(out.length === 1 ? out[0] : Buffer.concat(out))) {
            client.pause();
            server.once("drain", () => client.resume());
        }
    });
    client.on("data", listen);
    client.resume();
}

/** A cancellation is a connection of its own, which the server closes without an answer; none is given when there is no server, either. */
async function cancel(request: Buffer, options: ProxyOptions): Promise<void> {
    const path = await options.socket().catch(() => undefined);
    if (path === undefined) return;
    const server = net.createConnection(path);
    await new Promise((resolve) => {
        server.on("error", resolve).on("close", resolve);
        server.write(request);
    });
}

/** Whatever a client sends, this process goes on: a message that can't be read ends the connection. */
function guarded(client: net.Socket, listen: (chunk: Buffer) => void): (chunk: Buffer) => void {
    let broken = false;
    return (chunk) => {
        if (broken) return;
        try {
            listen(chunk);
        } catch {
            broken = true;
            client.end(fatal("08P01", "invalid message"));
        }
    };
}
