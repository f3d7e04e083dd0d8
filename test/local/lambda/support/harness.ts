import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { awsError } from "../../../../local/errors";
import type { AccessRequest, Authorizer, Principal } from "../../../../local/iam/types";
import { createLambda, type Lambda, type LambdaOptions } from "../../../../local/services/lambda/lambda";
import type { InvocationResult } from "../../../../local/services/lambda/types";
import type { PlannedArchive, PlannedResource } from "../../../../plan/types";

export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";
export const GATEWAY: Principal = { type: "service", service: "apigateway.amazonaws.com" };

/** Lambda with nothing real around it but its child processes. */
export interface Harness {
    readonly lambda: Lambda;
    readonly dataDir: string;
    /** What the authorizer was asked. */
    readonly asked: AccessRequest[];
    /** Decides from now on; everything is allowed at first. */
    allow: (request: AccessRequest) => boolean;
    readonly printed: string[];
    /** Lines by log group. */
    readonly logged: Map<string, string[]>;
    /** Declares a function with this text as its index.js. */
    declare(name: string, source: string, inputs?: Record<string, unknown>): Promise<void>;
    invoke(name: string, event?: unknown, principal?: Principal): Promise<InvocationResult>;
    /** Invokes and parses the answer. */
    call<T>(name: string, event?: unknown): Promise<T>;
    close(): Promise<void>;
}

export function createHarness(options: Partial<LambdaOptions> = {}): Harness {
    const dataDir = options.dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), "lambda-test-"));
    const asked: AccessRequest[] = [];
    const printed: string[] = [];
    const logged = new Map<string, string[]>();
    const decide = (request: AccessRequest) => {
        asked.push(request);
        return harness.allow(request);
    };
    const authorizer: Authorizer = {
        decide: (request) =>
            decide(request) ? { allowed: true, result: "allow" } : { allowed: false, result: "implicitDeny" },
        authorize(request) {
            if (!decide(request)) {
                throw awsError("AccessDenied", 403, `not authorized to perform: ${request.action}`);
            }
        },
    };
    const lambda = createLambda({
        dataDir,
        account: ACCOUNT,
        region: REGION,
        authorizer,
        credentials: {
            issue: (principal) => ({
                accessKeyId: "ASIATEST",
                secretAccessKey: "secret",
                sessionToken: JSON.stringify(principal),
                expiration: new Date(Date.now() + 3_600_000),
            }),
        },
        logs: {
            has: () => true,
            put: (group, _stream, lines) => void logged.set(group, [...(logged.get(group) ?? []), ...lines]),
        },
        endpoint: () => "http://127.0.0.1:4400",
        localise: (value) => value.replace("https://sqs.us-east-1.amazonaws.com", "http://127.0.0.1:4400"),
        print: (line) => printed.push(line),
        ...options,
    });
    const harness: Harness = {
        lambda,
        dataDir,
        asked,
        printed,
        logged,
        allow: () => true,
        async declare(name, source, inputs = {}) {
            await lambda.apply["aws:lambda/function:Function"](
                functionResource(name, writeArchive(dataDir, { "index.js": source }), inputs),
            );
        },
        invoke: (functionName, event = {}, principal = GATEWAY) =>
            lambda.invoke({ functionName, payload: JSON.stringify(event), principal }),
        async call<T>(name: string, event?: unknown) {
            return JSON.parse((await harness.invoke(name, event)).payload) as T;
        },
        async close() {
            await lambda.close();
            fs.rmSync(dataDir, { recursive: true });
        },
    };
    return harness;
}

/** An archive of texts, as a plan holds it. */
export function writeArchive(dataDir: string, texts: Record<string, string>): PlannedArchive {
    const entries = Object.entries(texts).map(([name, text]) => {
        const sha256 = crypto.createHash("sha256").update(text).digest("hex");
        const file = path.join(dataDir, "dist", sha256, path.basename(name));
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
        return [name, { file, sha256, bytes: Buffer.byteLength(text) }] as const;
    });
    return { archive: Object.fromEntries(entries) };
}

export function functionResource(
    name: string,
    code: PlannedArchive,
    inputs: Record<string, unknown> = {},
): PlannedResource {
    return planned("aws:lambda/function:Function", name, {
        name,
        role: `arn:aws:iam::${ACCOUNT}:role/${name}`,
        handler: "index.handler",
        runtime: "nodejs24.x",
        timeout: 10,
        code,
        ...inputs,
    });
}

export function planned(type: string, name: string, inputs: Record<string, unknown>): PlannedResource {
    const urn = `urn:pulumi:dev::test::${type}::${name}`;
    return { urn, type, name, custom: true, inputs, id: name, outputs: { ...inputs }, dependsOn: [], protect: false };
}

/** Resolves when a process that is no child of this one is gone, of which no event tells. @throws After 5 s; then it is killed. */
export async function gone(pid: number): Promise<void> {
    const limit = Date.now() + 5000;
    while (isAlive(pid)) {
        if (Date.now() > limit) {
            process.kill(pid, "SIGKILL");
            throw new Error(`Process ${pid} lives on`);
        }
        await new Promise((resolve) => setImmediate(resolve));
    }
}

export function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return !isZombie(pid);
    } catch {
        return false;
    }
}

/** A killed process whose parent died too stays listed until someone waits for it; it runs no more. */
function isZombie(pid: number): boolean {
    const file = `/proc/${pid}/stat`;
    return fs.existsSync(file) && / Z /.test(fs.readFileSync(file, "latin1").replace(/\(.*\)/, ""));
}
