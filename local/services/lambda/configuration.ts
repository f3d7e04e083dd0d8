import type { PlannedArchive, PlannedResource } from "../../../plan/types";

/** A function as declared, with Lambda's defaults. */
export interface FunctionConfiguration {
    readonly name: string;
    readonly arn: string;
    readonly description: string;
    /** ARN of the execution role. */
    readonly role: string;
    readonly handler: string;
    readonly runtime: string;
    readonly timeoutSeconds: number;
    readonly memoryMb: number;
    /** As declared: values are not yet those of this machine. */
    readonly variables: Readonly<Record<string, string>>;
    readonly logFormat: "Text" | "JSON";
    readonly applicationLogLevel: string;
    readonly systemLogLevel: string;
    readonly logGroup: string;
    readonly tracing: string;
    /** Invocations at one time; undefined when not limited. */
    readonly reservedConcurrency?: number;
    readonly code: PlannedArchive;
}

/**
 * Reads a planned `aws:lambda/function:Function`.
 *
 * @throws When Lambda would refuse it, or when it needs what the local run has not: layers, images, file systems, other runtimes.
 */
export function toConfiguration(resource: PlannedResource, account: string, region: string): FunctionConfiguration {
    const inputs = resource.inputs as FunctionInputs;
    const name = String(resource.outputs.name ?? inputs.name ?? resource.id);
    const fail = (reason: string): never => {
        throw new Error(`Function ${name}: ${reason}`);
    };
    if (!/^[\w-]{1,64}$/.test(name)) {
        fail("a name has 1 to 64 letters, digits, hyphens and underscores");
    }
    for (const property of ["layers", "imageUri", "fileSystemConfig", "s3Bucket"] as const) {
        if (inputs[property] !== undefined && !(Array.isArray(inputs[property]) && inputs[property].length === 0)) {
            fail(`${property} is not supported by the local run`);
        }
    }
    if (!/^nodejs(20|22|24)\.x$/.test(inputs.runtime ?? "")) {
        fail(`the local run has nodejs20.x, nodejs22.x and nodejs24.x, not ${inputs.runtime}`);
    }
    const logging = inputs.loggingConfig ?? {};
    const reserved = inputs.reservedConcurrentExecutions ?? -1;
    return {
        name,
        arn: String(resource.outputs.arn ?? `arn:aws:lambda:${region}:${account}:function:${name}`),
        description: inputs.description ?? "",
        role: inputs.role ?? fail("role is missing"),
        handler: inputs.handler ?? fail("handler is missing"),
        runtime: inputs.runtime!,
        timeoutSeconds: inputs.timeout ?? 3,
        memoryMb: inputs.memorySize ?? 128,
        variables: checkedVariables(inputs.environment?.variables ?? {}, fail),
        logFormat: logging.logFormat === "JSON" ? "JSON" : "Text",
        applicationLogLevel: logging.applicationLogLevel ?? "INFO",
        systemLogLevel: logging.systemLogLevel ?? "INFO",
        logGroup: logging.logGroup ?? `/aws/lambda/${name}`,
        tracing: inputs.tracingConfig?.mode ?? "PassThrough",
        reservedConcurrency: reserved < 0 ? undefined : reserved,
        code: inputs.code?.archive ? inputs.code : fail("code must be an archive"),
    };
}

interface FunctionInputs {
    readonly name?: string;
    readonly description?: string;
    readonly role?: string;
    readonly handler?: string;
    readonly runtime?: string;
    readonly timeout?: number;
    readonly memorySize?: number;
    readonly environment?: { readonly variables?: Readonly<Record<string, string>> };
    readonly loggingConfig?: {
        readonly logFormat?: string;
        readonly applicationLogLevel?: string;
        readonly systemLogLevel?: string;
        readonly logGroup?: string;
    };
    readonly tracingConfig?: { readonly mode?: string };
    readonly reservedConcurrentExecutions?: number;
    readonly code?: PlannedArchive;
    readonly layers?: unknown;
    readonly imageUri?: unknown;
    readonly fileSystemConfig?: unknown;
    readonly s3Bucket?: unknown;
}

function checkedVariables(variables: Readonly<Record<string, string>>, fail: (reason: string) => never) {
    const reserved = Object.keys(variables).filter((name) => RESERVED.has(name));
    if (reserved.length > 0) {
        fail(`Lambda reserves the environment variables ${reserved.join(", ")}`);
    }
    const malformed = Object.keys(variables).filter((name) => !/^[a-zA-Z]\w+$/.test(name));
    if (malformed.length > 0) {
        fail(
            `names of environment variables are a letter, then letters, digits and _, two at least; not so: ${malformed.join(", ")}`,
        );
    }
    const bytes = Buffer.byteLength(JSON.stringify(variables));
    if (bytes > 4096) {
        fail(`environment variables take ${bytes} bytes; Lambda allows 4096`);
    }
    return variables;
}

/** Names that Lambda keeps for itself: Lambda Developer Guide, "Defined runtime environment variables". */
const RESERVED: ReadonlySet<string> = new Set([
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
]);
