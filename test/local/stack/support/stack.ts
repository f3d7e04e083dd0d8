import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";
import * as s3 from "@aws-sdk/client-s3";
import { start, type LocalRun, type StartOptions } from "../../../../local/start";
import { projectFolder } from "../../../support/plans";

/** The outputs of a run that tests use. */
export interface Outputs {
    readonly eventIngestUrl: string;
    readonly eventBucket: string;
    readonly uploadPipelineUrl: string;
    readonly uploadBucket: string;
    readonly uploadQueueUrl: string;
    readonly orderServiceUrl: string;
    readonly orderTable: string;
    readonly challengeApiUrl: string;
    readonly challengeApiKey: string;
    readonly challengeApiKeyOther: string;
    readonly localToken: string;
    readonly localTokenOther: string;
    readonly adminCredentials: {
        readonly endpoint: string;
        readonly region: string;
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
    };
}

/** The whole stack, running in this process with state of its own. */
export interface Stack extends Outputs {
    readonly run: LocalRun;
    /** What the run printed. */
    readonly printed: readonly string[];
    readonly stateFolder: string;
    /** S3 with the administrator's keys, or others. */
    s3(credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): s3.S3Client;
    /** Sends events to EventIngest with the local client's token; headers replace or add to the usual ones. */
    post(body: string | Uint8Array, headers?: Record<string, string>): Promise<Reply>;
    /** The keys below a prefix, in order. */
    keys(prefix: string): Promise<string[]>;
    /** The lines of an object of events, parsed. */
    lines(key: string): Promise<Record<string, unknown>[]>;
    /** Ends it, and deletes its state unless `keep`. */
    end(keep?: boolean): Promise<void>;
}

export interface Reply {
    readonly status: number;
    readonly headers: Headers;
    readonly text: string;
    /** The body as JSON; undefined when it is empty. */
    readonly json: any;
}

/** Starts the program's stack on any port. */
export async function startStack(options: Partial<StartOptions> = {}): Promise<Stack> {
    const stateFolder = options.stateFolder ?? fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
    keepTokens(path.join(stateFolder, options.stack ?? "dev"));
    const printed: string[] = [];
    const run = await start({
        folder: projectFolder,
        port: 0,
        stateFolder,
        print: (line) => printed.push(line),
        ...options,
    });
    const outputs = run.outputs as unknown as Outputs;
    const { endpoint, region, ...admin } = outputs.adminCredentials;
    const client = (credentials = admin) => new s3.S3Client({ endpoint, region, credentials, maxAttempts: 1 });
    const storage = client();
    return {
        ...outputs,
        run,
        printed,
        stateFolder,
        s3: client,
        post: (body, headers = {}) =>
            send(`${outputs.eventIngestUrl}/events`, {
                method: "POST",
                headers: { "content-type": "application/json", "x-auth-token": outputs.localToken, ...headers },
                body,
            }),
        keys: (prefix) => keys(storage, outputs.eventBucket, prefix),
        lines: (key) => lines(storage, outputs.eventBucket, key),
        async end(keep = false) {
            storage.destroy();
            await run.close();
            if (!keep) {
                fs.rmSync(stateFolder, { recursive: true });
            }
        },
    };
}

/** With the same tokens each time the plan is the same, and is read from the cache. */
function keepTokens(state: string): void {
    const file = path.join(state, "secrets.json");
    if (!fs.existsSync(file)) {
        fs.mkdirSync(state, { recursive: true });
        fs.writeFileSync(
            file,
            JSON.stringify({ "token local": "one".repeat(15), "token local-other": "two".repeat(15) }),
        );
    }
}

/** Sends a request and reads its answer. */
export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
    const response = await fetch(url, init);
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json") && text !== "" ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
}

async function keys(client: s3.S3Client, Bucket: string, Prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { Contents = [] } of s3.paginateListObjectsV2({ client }, { Bucket, Prefix })) {
        found.push(...Contents.map(({ Key }) => Key!));
    }
    return found;
}

async function lines(client: s3.S3Client, Bucket: string, Key: string): Promise<Record<string, unknown>[]> {
    const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key }));
    const text = zlib.gunzipSync(await Body!.transformToByteArray()).toString("utf8");
    return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
}
