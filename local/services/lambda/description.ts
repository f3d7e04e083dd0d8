import type { LambdaFunction } from "./functions";

/**
 * A function as ListFunctions and GetFunction describe it. Environment variables are shown, as AWS does to callers who may
 * decrypt them: as declared, so without the addresses of this machine.
 */
export function toFunctionConfiguration({
    configuration,
    code,
    lastModified,
}: LambdaFunction): Record<string, unknown> {
    const { logFormat, logGroup, applicationLogLevel, systemLogLevel, variables } = configuration;
    return {
        FunctionName: configuration.name,
        FunctionArn: configuration.arn,
        Runtime: configuration.runtime,
        Role: configuration.role,
        Handler: configuration.handler,
        CodeSize: code.bytes,
        CodeSha256: code.sha256,
        Description: configuration.description,
        Timeout: configuration.timeoutSeconds,
        MemorySize: configuration.memoryMb,
        LastModified: lastModified,
        Version: "$LATEST",
        State: "Active",
        LastUpdateStatus: "Successful",
        PackageType: "Zip",
        TracingConfig: { Mode: configuration.tracing },
        ...(Object.keys(variables).length === 0 ? {} : { Environment: { Variables: variables } }),
        LoggingConfig: {
            LogFormat: logFormat,
            LogGroup: logGroup,
            ...(logFormat === "JSON"
                ? { ApplicationLogLevel: applicationLogLevel, SystemLogLevel: systemLogLevel }
                : {}),
        },
    };
}
