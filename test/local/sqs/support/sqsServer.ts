import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { awsError } from "../../../../local/errors";
import type { AccessRequest, Authorizer, Principal } from "../../../../local/iam/types";
import type { KeyService, KeyUse } from "../../../../local/services/kms/types";
import { createSqs, type Sqs } from "../../../../local/services/sqs/sqs";
import type { PlannedResource } from "../../../../plan/types";

export const account = "123456789012";
export const region = "us-east-1";
export const customerKey = `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`;
export const caller: Principal = { type: "role", roleArn: `arn:aws:iam::${account}:role/worker`, sessionName: "test" };
export const arnOf = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

/** SQS behind a small server, with a clock, an authorizer and keys that the test controls; signatures are not checked. */
export interface SqsServer {
    readonly sqs: Sqs;
    readonly client: SQSClient;
    readonly url: string;
    readonly dataDir: string;
    /** All questions that were asked, oldest first, e.g. `sqs:SendMessage`. */
    readonly questions: AccessRequest[];
    readonly keyUses: KeyUse[];
    /** Refuses what it answers true for. */
    deny: (request: AccessRequest) => boolean;
    denyKey: (use: KeyUse) => boolean;
    /** Connections that are open. */
    connections(): Promise<number>;
    queueUrl(name?: string): string;
    /** Moves the clock of SQS ahead. */
    pass(seconds: number): void;
    /** Sends a raw request of AWS JSON 1.0. */
    send(target: string | undefined, body: string): Promise<{ status: number; headers: Headers; body: string }>;
    /** Ends server and queues; the data stay when `keep` is true. */
    close(keep?: boolean): Promise<void>;
}

export interface SqsServerOptions {
    readonly resources?: readonly PlannedResource[];
    readonly dataDir?: string;
    readonly authorizer?: Authorizer;
    readonly keys?: KeyService;
}

/** Starts SQS with these resources, by default the queue `queue`, over a new folder or a given one. */
export async function startSqs({
    resources = [queue("queue")],
    dataDir,
    ...own
}: SqsServerOptions = {}): Promise<SqsServer> {
    const folder = dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), "sqs-test-"));
    const questions: AccessRequest[] = [];
    const keyUses: KeyUse[] = [];
    let url = "";
    let ahead = 0;
    const authorizer: Authorizer = {
        decide: (request) => {
            const allowed = !server.deny(request);
            return { allowed, result: allowed ? "allow" : "implicitDeny" };
        },
        authorize(request) {
            questions.push(request);
            if (server.deny(request)) throw awsError("AccessDenied", 403, `not authorized: ${request.action}`);
        },
    };
    const keys: KeyService = {
        authorizeUse(use) {
            keyUses.push(use);
            if (server.denyKey(use)) throw awsError("AccessDenied", 403, `not authorized: ${use.action}`);
        },
        resolve: (keyId) => (keyId === customerKey ? customerKey : undefined),
    };
    const sqs = createSqs({
        dataDir: folder,
        account,
        region,
        authorizer,
        keys,
        endpoint: () => url,
        now: () => Date.now() + ahead,
        ...own,
    });
    try {
        await applyAll(sqs, resources);
    } catch (error) {
        await sqs.close();
        if (dataDir === undefined) fs.rmSync(folder, { recursive: true });
        throw error;
    }
    const listener = http.createServer((request, response) => void serve(sqs, request, response));
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
    const client = new SQSClient({ endpoint: url, region, credentials, maxAttempts: 1 });

    const server: SqsServer = {
        sqs,
        client,
        url,
        dataDir: folder,
        questions,
        keyUses,
        deny: () => false,
        denyKey: () => false,
        connections: () =>
            new Promise((resolve, reject) => {
                listener.getConnections((error, count) => (error ? reject(error) : resolve(count)));
            }),
        queueUrl: (name = "queue") => `${url}/${account}/${name}`,
        pass(seconds) {
            ahead += seconds * 1000;
        },
        async send(target, body) {
            const headers = target === undefined ? {} : { "x-amz-target": target };
            const answer = await fetch(url, { method: "POST", body, headers });
            return { status: answer.status, headers: answer.headers, body: await answer.text() };
        },
        async close(keep = false) {
            client.destroy();
            await sqs.close();
            listener.closeAllConnections();
            await new Promise((resolve) => listener.close(resolve));
            if (!keep) fs.rmSync(folder, { recursive: true });
        },
    };
    return server;
}

/** Waits until something is so, asking again and again; fails after 10 s, so that a broken service cannot keep a test for ever. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + 10_000;
    while (!(await isSo())) {
        if (performance.now() > end) throw new Error(`${what}: not so after 10 s`);
        await new Promise((resolve) => setImmediate(resolve));
    }
}

/** Applies a whole plan, as the local run does. */
export async function applyAll(sqs: Sqs, resources: readonly PlannedResource[]): Promise<void> {
    for (const planned of resources) await sqs.apply[planned.type](planned);
    await sqs.ready();
}

export function queue(name: string, inputs: Record<string, unknown> = {}): PlannedResource {
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    return resource("aws:sqs/queue:Queue", name, { name, ...inputs }, { name, url, arn: arnOf(name) });
}

/** A resource that sets something of a queue, e.g. `part("redrivePolicy", "queue", {…})`. */
export function part(kind: string, name: string, inputs: Record<string, unknown>): PlannedResource {
    const queueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    const type = `aws:sqs/${kind}:${kind[0].toUpperCase()}${kind.slice(1)}`;
    return resource(type, `${name}-${kind}`, { queueUrl, ...inputs }, {});
}

/** A queue `queue` whose messages become dead letters in `dead` when they were received so often. */
export function withDeadLetters(maxReceiveCount: number, inputs: Record<string, unknown> = {}): PlannedResource[] {
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount });
    return [queue("dead"), queue("queue", { redrivePolicy, ...inputs })];
}

export function resource(
    type: string,
    name: string,
    inputs: Record<string, unknown>,
    outputs: Record<string, unknown>,
): PlannedResource {
    const urn = `urn:pulumi:test::quartet::${type}::${name}`;
    return {
        urn,
        type,
        name,
        custom: true,
        inputs,
        id: name,
        outputs: { ...inputs, ...outputs },
        dependsOn: [],
        protect: false,
    };
}

async function serve(sqs: Sqs, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const call = {
        service: "sqs",
        region,
        principal: caller,
        method: request.method as string,
        path: request.url as string,
        query: new URLSearchParams(),
        headers: request.headers,
        body: request,
        trailers: {},
        requestId: crypto.randomUUID(),
        sourceIp: "127.0.0.1",
    };
    try {
        await sqs.handle(call, response);
    } catch (error) {
        sqs.writeError(error, call, response);
    }
}
