import * as fs from "node:fs";
import * as http from "node:http";
import { findEngine } from "./binary";
import { endLeftover, notedPid } from "./leftover";
import { run, type Address, type Running } from "./run";

/** What the engine answered. */
export interface EngineAnswer {
    readonly status: number;
    /** CRC-32 of the body, as DynamoDB sends it. */
    readonly crc32: string | undefined;
    readonly body: Buffer;
}

/** The process that keeps tables and items. It asks nobody for permission; so only this service speaks to it. */
export interface Engine {
    /**
     * Has an operation done, e.g. `GetItem`.
     *
     * @param body JSON as in DynamoDB's API.
     * @throws When the engine ended meanwhile; it is started again.
     */
    send(operation: string, body: string | Buffer): Promise<EngineAnswer>;
    /**
     * Like {@link send}, for the service's own needs.
     *
     * @throws What the engine says when it refuses; `name` is the code.
     */
    call<T>(operation: string, input: object): Promise<T>;
    /** Resolves when it answers: after a start, and while it is started again. */
    ready(): Promise<void>;
    pid(): number | undefined;
    close(): Promise<void>;
}

export interface EngineOptions {
    /** Folder of its data; made on first use. */
    readonly folder: string;
    readonly print: (line: string) => void;
    /** Path of the binary. @default the installed npm package */
    readonly binary?: string;
}

/** How often a start is tried whose port was taken. */
const TRIES = 5;

/** Starts the engine over a folder. When it ends by itself, it is started again. It ends with this process, however that ends. */
export async function startEngine({ folder, print, binary = findEngine() }: EngineOptions): Promise<Engine> {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    await endLeftover(folder);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    let closing = false;
    let current: Promise<Running>;
    const launch = async (tries = TRIES): Promise<Running> => {
        const running = await run(binary, folder);
        try {
            await running.ready;
        } catch (error) {
            // Somebody else took the free port in between.
            if (tries > 1 && /in use/i.test((error as Error).message)) return launch(tries - 1);
            throw error;
        }
        void running.exit.then((code) => {
            if (closing) return;
            print(`DynamoDB's engine ended with ${code}; it is started again.`);
            current = launch();
            current.catch((error: Error) => print(error.message));
        });
        return running;
    };
    current = launch();
    await current;
    const engine: Engine = {
        async send(operation, body) {
            const { address } = await current;
            return post(agent, address, operation, body);
        },
        async call<T>(operation: string, input: object): Promise<T> {
            const { status, body } = await engine.send(operation, JSON.stringify(input));
            const answer = JSON.parse(body.toString("utf8")) as T & { __type?: string; message?: string };
            if (status === 200) return answer;
            const name = String(answer.__type).replace(/^.*#/, "");
            throw Object.assign(new Error(answer.message ?? name), { name });
        },
        async ready() {
            await current;
        },
        pid: () => notedPid(folder),
        async close() {
            closing = true;
            agent.destroy();
            const running = await current.catch(() => undefined);
            running?.child.stdin?.end("TERM\n");
            await running?.exit;
        },
    };
    return engine;
}

function post(agent: http.Agent, address: Address, operation: string, body: string | Buffer): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
        const headers = {
            ...HEADERS,
            "x-amz-target": `DynamoDB_20120810.${operation}`,
            "content-length": Buffer.byteLength(body),
        };
        const request = http.request({ agent, ...address, method: "POST", path: "/", headers }, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.once("error", reject);
            response.once("end", () => {
                resolve({
                    status: response.statusCode ?? 500,
                    crc32: response.headers["x-amz-crc32"] as string | undefined,
                    body: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
                });
            });
        });
        request.once("error", reject);
        request.end(body);
    });
}

/** The engine wants a signature to be there, and does not check it. */
const HEADERS = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-date": "20260101T000000Z",
    authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none",
};
