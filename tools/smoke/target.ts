import * as crypto from "node:crypto";
import * as v from "valibot";
import type { Project } from "../../plan/project";
import { callerOf, type Caller } from "./caller";
import { secretMask, type SecretMask } from "./mask";
import { baseUrl, bucketUrl, endpoints } from "./urls";

/** A running stack, as checks see it. */
export interface Target {
    /** `local`, or the name of a deployed stack. */
    readonly stack: string;
    readonly deployed: boolean;
    readonly region: string;
    /** Base URLs of the APIs, without a slash at their end. */
    readonly urls: Readonly<Record<"events" | "uploads" | "orders" | "challenge", string>>;
    /** URLs of the buckets, without a slash at their end. */
    readonly buckets: Readonly<Record<"events" | "uploads", string>>;
    /** The two live keys of ChallengeApi. */
    readonly apiKeys: readonly [string, string];
    /** A client's token. @throws When there is none, with the way to one. */
    token(): string;
    /** Another client's token. @throws When there is none, with the way to one. */
    tokenOther(): string;
    /** Id of the client whose token it is; `undefined` when the stack's config does not know the token. */
    client(): string | undefined;
    /** Who has no business in UploadPipeline. */
    readonly caller: Caller;
    /** ARN of the role that alone may report the status of files. */
    readonly workerRoleArn: string;
    /** Limits of ChallengeApi: of each key, and of all callers together. */
    readonly limits: { readonly key: Limit; readonly stage: Limit };
    /** What must never be printed. */
    readonly secrets: SecretMask;
}

/** A token bucket of API Gateway. */
export interface Limit {
    readonly requestsPerSecond: number;
    readonly burst: number;
}

export interface TargetArgs {
    /** `local`, or the name of a deployed stack. */
    readonly stack: string;
    /** The stack's outputs, secrets in clear. */
    readonly outputs: Readonly<Record<string, unknown>>;
    /** The project with the stack's config; for the local run that of the stack that it runs. */
    readonly project: Project;
    /** Has `QUARTET_TOKEN` and `QUARTET_TOKEN_OTHER` for a deployed stack. */
    readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads what a stack says of itself.
 *
 * @throws With one sentence when an output is missing, or a URL can't be one of this stack.
 */
export function targetOf({ stack, outputs, project, environment }: TargetArgs): Target {
    const deployed = stack !== "local";
    const region = String(project.config["aws:region"]);
    const text = (name: string) => textOutput(name, outputs, stack);
    const url = (name: string) => baseUrl(name, text(name), { stack, deployed, region });
    const tokens = deployed
        ? [environment.QUARTET_TOKEN || undefined, environment.QUARTET_TOKEN_OTHER || undefined]
        : [text("localToken"), text("localTokenOther")];
    const admin = deployed ? undefined : v.parse(adminSchema(), outputs.adminCredentials);
    const { s3, sts } = endpoints(region, admin?.endpoint);
    const apiKeys = [text("challengeApiKey"), text("challengeApiKeyOther")] as const;
    const { roleArn, limits } = configOf(project);
    const secrets = secretMask();
    secrets.add(...apiKeys, ...tokens, admin?.secretAccessKey);
    return {
        ...{ stack, deployed, region, apiKeys, limits, secrets },
        urls: {
            events: url("eventIngestUrl"),
            uploads: url("uploadPipelineUrl"),
            orders: url("orderServiceUrl"),
            challenge: url("challengeApiUrl"),
        },
        buckets: {
            events: bucketUrl(s3, text("eventBucket")),
            uploads: bucketUrl(s3, text("uploadBucket")),
        },
        token: () => needed(tokens[0], "QUARTET_TOKEN", "a client", stack),
        tokenOther: () => needed(tokens[1], "QUARTET_TOKEN_OTHER", "another client", stack),
        client: () => (deployed ? clientOf(tokens[0] ?? "", project) : "local"),
        caller: callerOf({ region, sts, admin, roleArn: roleArn("events-ingest"), secrets }),
        workerRoleArn: roleArn("uploads-promote"),
    };
}

function textOutput(name: string, outputs: Readonly<Record<string, unknown>>, stack: string): string {
    const value = outputs[name];
    if (typeof value !== "string" || value === "") {
        throw new Error(
            `Stack ${stack} has no output ${name}: ${stack === "local" ? "start it anew with `npm start`" : "deploy it first"}.`,
        );
    }
    if (value === "[secret]") {
        throw new Error(`The output ${name} of stack ${stack} is masked: it has to be read with --show-secrets.`);
    }
    return value;
}

function adminSchema() {
    return v.object({ endpoint: v.string(), accessKeyId: v.string(), secretAccessKey: v.string() });
}

function needed(token: string | undefined, name: string, whose: string, stack: string): string {
    if (token === undefined) {
        throw new Error(
            `${name} is not set: put the token of ${whose} of stack ${stack} into this environment variable (\`npm run token\` makes one).`,
        );
    }
    return token;
}

function clientOf(token: string, { name, config }: Project): string | undefined {
    const digest = crypto.createHash("sha256").update(token).digest("hex");
    const clients = config[`${name}:clients`] as Readonly<Record<string, readonly string[]>>;
    return Object.keys(clients).find((client) => clients[client].includes(digest));
}

function configOf({ name, stack, config }: Project) {
    const [account] = config["aws:allowedAccountIds"] as readonly string[];
    const region = String(config["aws:region"]);
    const partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    const { usagePlan, throttle } = config[`${name}:challengeApi`] as { usagePlan: Limit; throttle: Limit };
    return {
        roleArn: (purpose: string) => `arn:${partition}:iam::${account}:role/${name}-${stack}-${purpose}`,
        limits: { key: usagePlan, stage: throttle },
    };
}
