import * as path from "node:path";
import type { FunctionConfiguration } from "./configuration";

/** What an environment's variables are made of, besides the function's configuration. */
export interface VariablesArgs {
    readonly configuration: FunctionConfiguration;
    readonly taskRoot: string;
    /** Folder of the environment's own temporary files. */
    readonly temporary: string;
    readonly region: string;
    readonly logStream: string;
    /** `127.0.0.1:<port>` */
    readonly runtimeApi: string;
    /** URL of the AWS APIs. */
    readonly endpoint: string;
    readonly credentials: {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken: string;
    };
    readonly localise: (value: string) => string;
    /** What this machine adds to all functions' variables, e.g. the certificate of an authority of its own. */
    readonly added: Readonly<Record<string, string>>;
}

/** File that runs in a function's process. */
export const bootstrapFile = path.join(__dirname, "bootstrap.cjs");

/**
 * The whole environment of a function's process: Lambda's variables and the function's own; nothing of this machine's.
 *
 * Two deviations from AWS: `HOME` and `TMPDIR` are the environment's own folder, where AWS has a file system of its own. Otherwise
 * an SDK would read this user's `~/.aws`. `LD_LIBRARY_PATH` is left out, as it would change how this machine's Node starts.
 */
export function environmentVariables(args: VariablesArgs): Record<string, string> {
    const { configuration, taskRoot, temporary, region, credentials } = args;
    const runtimeFolder = path.dirname(bootstrapFile);
    const own = Object.entries(configuration.variables).map(([name, value]) => [name, args.localise(value)] as const);
    return {
        ...Object.fromEntries(own),
        ...args.added,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: args.endpoint,
        AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
        AWS_LAMBDA_FUNCTION_NAME: configuration.name,
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
        AWS_LAMBDA_LOG_STREAM_NAME: args.logStream,
        ...(configuration.logFormat === "JSON"
            ? { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: configuration.applicationLogLevel }
            : {}),
        AWS_LAMBDA_RUNTIME_API: args.runtimeApi,
        AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
        AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
        _AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1",
        _AWS_XRAY_DAEMON_PORT: "2000",
        LAMBDA_RUNTIME_DIR: runtimeFolder,
        LAMBDA_TASK_ROOT: taskRoot,
        LANG: "en_US.UTF-8",
        NODE_PATH: `${taskRoot}/node_modules:${taskRoot}`,
        PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
        PWD: taskRoot,
        SHLVL: "0",
        TZ: ":UTC",
        HOME: temporary,
        TMPDIR: temporary,
        _HANDLER: configuration.handler,
    };
}
