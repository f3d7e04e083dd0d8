import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { Transform } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { awsError } from "../../local/errors";
import type { AwsCall } from "../../local/gateway/types";
import type { AccessRequest, Authorizer, Principal } from "../../local/iam/types";
import type { KeyService, KeyUse } from "../../local/services/kms/types";
import { createS3 } from "../../local/services/s3/s3";
import type { S3 } from "../../local/services/s3/s3";
import type { PlannedResource } from "../../plan/types";

/** S3 behind a small server, with an authorizer and keys that the test controls; signatures are not checked. */
export interface S3Server {
    readonly s3: S3;
    readonly client: S3Client;
    readonly url: string;
    readonly dataDir: string;
    /** All questions that were asked, oldest first. */
    readonly questions: AccessRequest[];
    readonly keyUses: KeyUse[];
    /** Refuses what it answers true for; set it anew to change the policies. */
    deny: (request: AccessRequest) => boolean;
    denyKey: (use: KeyUse) => boolean;
    /** Sends a raw request. */
    send(method: string, target: string, options?: RawOptions): Promise<RawAnswer>;
    /** Ends server and store; the data stay when `keep` is true. */
    close(keep?: boolean): Promise<void>;
}

export interface RawOptions {
    readonly headers?: http.OutgoingHttpHeaders;
    readonly body?: string | Buffer;
    readonly anonymous?: boolean;
}

export interface RawAnswer {
    readonly status: number;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
}

export const customerKey = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const account = "123456789012";
const region = "us-east-1";

/** Starts S3 with these resources, by default the bucket `bucket`, over a new folder or a given one. */
export async function startS3(resources = [bucket("bucket")], dataDir?: string): Promise<S3Server> {
    const folder = dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), "s3-test-"));
    const questions: AccessRequest[] = [];
    const keyUses: KeyUse[] = [];
    let url = "";
    const authorizer: Authorizer = {
        decide: (request) => {
            const allowed = !server.deny(request);
            return { allowed, result: allowed ? "allow" : "implicitDeny" };
        },
        authorize(request) {
            questions.push(request);
            if (server.deny(request))
                throw awsError("AccessDenied", 403, `not authorized to perform: ${request.action}`);
        },
    };
    const keys: KeyService = {
        authorizeUse(use) {
            keyUses.push(use);
            if (server.denyKey(use)) throw awsError("AccessDenied", 403, `not authorized to perform: ${use.action}`);
        },
        resolve: (keyId) => (keyId === customerKey || keyId === "alias/customer" ? customerKey : undefined),
    };
    const s3 = createS3({ dataDir: folder, account, region, authorizer, keys, endpoint: () => url });
    await applyAll(s3, resources).catch((error: unknown) => {
        if (dataDir === undefined) fs.rmSync(folder, { recursive: true });
        throw error;
    });

    const listener = http.createServer((request, response) => void serve(s3, request, response));
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as AddressInfo;
    url = `http://127.0.0.1:${port}`;
    const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
    const client = new S3Client({ endpoint: url, region, credentials, forcePathStyle: true, maxAttempts: 1 });

    const server: S3Server = {
        s3,
        client,
        url,
        dataDir: folder,
        questions,
        keyUses,
        deny: () => false,
        denyKey: () => false,
        send: (method, target, options = {}) => sendRaw(port, method, target, options),
        async close(keep = false) {
            client.destroy();
            listener.closeAllConnections();
            await new Promise((resolve) => listener.close(resolve));
            await s3.close();
            if (!keep) fs.rmSync(folder, { recursive: true });
        },
    };
    return server;
}

/** Applies a whole plan, as the local run does. */
export async function applyAll(s3: S3, resources: readonly PlannedResource[]): Promise<void> {
    for (const planned of resources) await s3.apply[planned.type](planned);
    await s3.ready();
}

export function bucket(name: string, inputs: Record<string, unknown> = {}): PlannedResource {
    return resource("aws:s3/bucket:Bucket", { bucket: name, ...inputs }, { bucket: name });
}

/** A resource that sets something of a bucket, e.g. `setting("bucketVersioning", {…})`, by default of `bucket`. */
export function setting(type: string, inputs: Record<string, unknown>): PlannedResource {
    return resource(`aws:s3/${type}:${type[0].toUpperCase()}${type.slice(1)}`, { bucket: "bucket", ...inputs }, {});
}

export function versioning(status: string): PlannedResource {
    return setting("bucketVersioning", { versioningConfiguration: { status } });
}

function resource(type: string, inputs: Record<string, unknown>, outputs: Record<string, unknown>): PlannedResource {
    const urn = `urn:pulumi:test::quartet::${type}::${String(inputs.bucket)}`;
    return {
        urn,
        type,
        name: "resource",
        custom: true,
        inputs,
        id: String(inputs.bucket),
        outputs,
        dependsOn: [],
        protect: false,
    };
}

async function serve(s3: S3, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const call = callOf(request);
    try {
        await s3.handle(call, response);
    } catch (error) {
        s3.writeError(error, call, response);
    }
}

function callOf(request: http.IncomingMessage): AwsCall {
    const [target, search = ""] = (request.url as string).split(/\?(.*)/s);
    const query = new URLSearchParams(search);
    const signed = request.headers.authorization !== undefined || query.has("X-Amz-Signature");
    const principal: Principal = signed
        ? { type: "role", roleArn: `arn:aws:iam::${account}:role/writer`, sessionName: "test" }
        : { type: "anonymous" };
    const chunked = String(request.headers["content-encoding"]).includes("aws-chunked");
    const trailers = {};
    return {
        service: "s3",
        region,
        principal,
        method: request.method as string,
        path: target,
        query,
        headers: request.headers,
        body: chunked ? request.pipe(unchunk(trailers)) : request,
        trailers,
        requestId: crypto.randomUUID(),
        sourceIp: "127.0.0.1",
    };
}

/** Takes off `aws-chunked`. Bodies of tests are small: all of it is read first. */
function unchunk(trailers: Record<string, string>): Transform {
    const pieces: Buffer[] = [];
    return new Transform({
        transform(piece: Buffer, _, done) {
            pieces.push(piece);
            done();
        },
        flush(done) {
            let rest = Buffer.concat(pieces);
            for (;;) {
                const line = rest.indexOf("\r\n");
                const size = parseInt(rest.toString("latin1", 0, line), 16);
                if (size === 0) {
                    const [, name, value] = /\r\n([\w-]+):(\S+)/.exec(rest.toString("latin1")) ?? [];
                    if (name) trailers[name] = value;
                    return done();
                }
                this.push(rest.subarray(line + 2, line + 2 + size));
                rest = rest.subarray(line + 2 + size + 2);
            }
        },
    });
}

function sendRaw(
    port: number,
    method: string,
    target: string,
    { headers, body, anonymous }: RawOptions,
): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
        const signed = anonymous ? {} : { authorization: "AWS4-HMAC-SHA256 test" };
        const options = {
            host: "127.0.0.1",
            port,
            method,
            path: target,
            headers: { ...signed, ...headers },
            agent: false,
        };
        const request = http.request(options, (answer) => {
            const pieces: Buffer[] = [];
            answer.on("data", (piece: Buffer) => pieces.push(piece));
            answer.on("error", reject);
            answer.on("end", () =>
                resolve({
                    status: answer.statusCode as number,
                    headers: answer.headers,
                    body: Buffer.concat(pieces).toString("utf8"),
                }),
            );
        });
        request.on("error", reject);
        request.end(body);
    });
}
