import * as path from "node:path";
import type * as http from "node:http";
import type { Readable } from "node:stream";
import type { AwsApi, AwsCall, ResourceProvider } from "../../gateway/types";
import type { Authorizer } from "../../iam/types";
import type { KeyService } from "../kms/types";
import { addCorsHeaders, answerPreflight } from "./cors";
import { bucketDeclarations } from "./declare";
import { accessDenied, noSuchBucket, notImplemented } from "./errors";
import { headerOf } from "./headers";
import { sweepBucket } from "./lifecycle";
import { operationOf } from "./operations";
import { isPublicPolicy } from "./publicPolicy";
import { listBuckets } from "./readBack";
import { setRequestIds, writeS3Error } from "./respond";
import { openObjectStore } from "./store/objectStore";
import type { ObjectStore } from "./store/objectStore";
import { targetOf } from "./target";
import type { Bucket, BucketConfig, ObjectCreated, S3Environment } from "./types";

/** What {@link createS3} needs. */
export interface S3Options {
    /** Folder of the local run; its `s3` is made and used here. One process at a time may use it. */
    readonly dataDir: string;
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly keys: KeyService;
    /** Where S3 is reached, e.g. `http://127.0.0.1:4566`. */
    readonly endpoint: () => string;
}

/** S3 of the local run. */
export interface S3 extends AwsApi, ResourceProvider {
    ready(): Promise<void>;
    close(): Promise<void>;
    /** Does what the lifecycle rules of all buckets ask for at a time (milliseconds since 1970). Also done at start and every hour. */
    sweep(now: number): Promise<void>;
    /** Calls `listener` after each new object; answers a function that ends it. */
    onObjectCreated(listener: (event: ObjectCreated) => void): () => void;
}

const hour = 60 * 60 * 1000;

/**
 * Makes S3 over a folder. The plan's resources are applied first, all of them at each change of the plan; `ready` then serves exactly these
 * buckets. A bucket that is no longer declared keeps its data, and gets it back when it is declared again.
 */
export function createS3(options: S3Options): S3 {
    let declared = new Map<string, BucketConfig>();
    let buckets: ReadonlyMap<string, Bucket> = new Map();
    let timer: NodeJS.Timeout | undefined;
    const stores = new Map<string, ObjectStore>();
    const listeners = new Set<(event: ObjectCreated) => void>();
    const { dataDir, ...shared } = options;
    const environment: S3Environment = {
        ...shared,
        buckets: () => buckets,
        created(event) {
            for (const listener of listeners) listener(event);
        },
    };

    async function sweep(now: number): Promise<void> {
        for (const bucket of buckets.values()) await sweepBucket(bucket, now);
    }

    async function open(name: string, config: BucketConfig): Promise<Bucket> {
        const publicPolicy = isPublicPolicy(config.policy);
        if (publicPolicy && config.publicAccess.blockPublicPolicy) {
            throw accessDenied(
                `Not allowed to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${name}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
            );
        }
        const store = stores.get(name) ?? (await openObjectStore(path.join(dataDir, "s3", name)));
        stores.set(name, store);
        return { name, arn: `arn:aws:s3:::${name}`, config, publicPolicy, store };
    }

    return {
        signingName: "s3",
        apply: bucketDeclarations(() => declared),
        async ready() {
            const opened = new Map<string, Bucket>();
            for (const [name, config] of declared) opened.set(name, await open(name, config));
            buckets = opened;
            declared = new Map();
            await sweep(Date.now());
            clearInterval(timer);
            timer = setInterval(() => {
                sweep(Date.now()).catch((error: unknown) => console.error("The lifecycle sweep of S3 failed:", error));
            }, hour).unref();
        },
        async close() {
            clearInterval(timer);
            buckets = new Map();
            await Promise.all([...stores.values()].map((store) => store.close()));
            stores.clear();
        },
        sweep,
        onObjectCreated(listener) {
            listeners.add(listener);
            return () => listeners.delete(listener);
        },
        async handle(call, response) {
            setRequestIds(response, call.requestId);
            response.setHeader("server", "AmazonS3");
            try {
                await answer(environment, call, response);
            } finally {
                drain(call.body);
            }
        },
        writeError(error, call, response) {
            if (!response.headersSent) addCorsToError(environment, call, response);
            writeS3Error(error, call, response);
        },
    };
}

async function answer(environment: S3Environment, call: AwsCall, response: http.ServerResponse): Promise<void> {
    const { bucket: name, key } = targetOf(call.path);
    if (name === "") {
        if (call.method !== "GET") throw notImplemented(`${call.method} on the service`);
        listBuckets({ call, response, environment, key });
        return;
    }
    const bucket = environment.buckets().get(name);
    if (call.method === "OPTIONS") {
        answerPreflight(bucket, call, response);
        return;
    }
    if (bucket !== undefined) addCorsHeaders(bucket, call, response);
    const operation = operationOf(call, key);
    if (bucket === undefined) throw noSuchBucket(name);
    const owner = headerOf(call, "x-amz-expected-bucket-owner");
    if (owner !== undefined && owner !== environment.account) throw accessDenied();
    await operation({ call, response, environment, key, bucket });
}

/** Lets a page read also the errors that come before {@link answer}, such as that of a presigned URL out of date. */
function addCorsToError(
    environment: S3Environment,
    { method, path: target }: Pick<AwsCall, "method" | "path">,
    response: http.ServerResponse,
): void {
    const [, name] = target.split("/");
    const bucket = environment.buckets().get(name);
    if (bucket !== undefined) addCorsHeaders(bucket, { method, headers: response.req.headers }, response);
}

/** Reads what is left of a body, so that the caller, still sending, comes to read the answer, and the connection can be used again. */
function drain(body: Readable): void {
    if (body.readableEnded || body.destroyed) return;
    // Whatever is wrong with the rest, the answer no longer depends on it.
    body.on("error", () => undefined);
    body.resume();
}
