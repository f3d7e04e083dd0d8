import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleCallback } from "./bundle";
import { stackNames } from "./names";
import { alarm, logGroup, type Operations } from "./operations";
import { writeBundle } from "./packaging/writeBundle";
import { document, trust, type Statement } from "./policy";

/** Arguments for {@link Callback}. */
export interface CallbackArgs {
    /**
     * Makes the handler, once in each execution environment. Clients, schemas and everything stateful are made inside it; it may
     * capture plain data.
     */
    readonly factory: () => (event: never, context: never) => Promise<unknown>;
    /** What the function does, in one line for the console. */
    readonly description: string;
    /**
     * What the handler may do, statement by statement, besides writing its own log and traces.
     *
     * @default - nothing else
     */
    readonly allow?: readonly Statement[];
    /**
     * Environment variables. All together may take 4 kB.
     *
     * @default - none
     */
    readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
    /**
     * Memory in MB, from 128 to 10240; processor time grows with it.
     *
     * @default 128
     */
    readonly memoryMb?: number;
    /**
     * Seconds until an invocation is ended, from 1 to 900. Behind API Gateway, at most 29.
     *
     * @default 10
     */
    readonly timeoutSeconds?: number;
    /**
     * Rings an alarm when the handler throws. A Lambda authorizer throws for every caller that it does not know.
     *
     * @default true
     */
    readonly alarmOnErrors?: boolean;
    readonly operations: Operations;
}

/**
 * A Lambda function made from a handler factory of this program, with all that belongs to it: its own role with exactly the
 * statements named, its log group, traces, and alarms on errors and throttles.
 *
 * The factory is serialised by Pulumi and bundled to one file; see {@link bundleCallback} for what it may capture.
 */
export class Callback extends pulumi.ComponentResource {
    /** Physical name of the function, known before deploy. */
    public readonly functionName: string;
    /** ARN of the function, known before deploy. */
    public readonly functionArn: string;
    /** ARN of the function's own role, known before deploy. */
    public readonly roleArn: string;
    public readonly function: aws.lambda.Function;
    public readonly role: aws.iam.Role;

    constructor(name: string, args: CallbackArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:Callback", name, {}, opts);
        const names = stackNames();
        const { operations } = args;
        this.functionName = names.physical(name);
        this.functionArn = names.arn("lambda", `function:${this.functionName}`);
        this.roleArn = callbackRoleArn(name);

        const logGroupName = `/aws/lambda/${this.functionName}`;
        const logs = logGroup(`${name}-logs`, logGroupName, operations, { parent: this });
        this.role = new aws.iam.Role(
            `${name}-role`,
            {
                name: this.functionName,
                assumeRolePolicy: trust("lambda.amazonaws.com"),
                description: `Role of ${this.functionName} alone`,
            },
            { parent: this },
        );
        const policy = new aws.iam.RolePolicy(
            `${name}-policy`,
            {
                name: "own",
                role: this.role.name,
                policy: document([
                    {
                        Sid: "WriteOwnLog",
                        Effect: "Allow",
                        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                        Resource: names.arn("logs", `log-group:${logGroupName}:*`),
                    },
                    {
                        // X-Ray knows no resources: its actions can be allowed on all or on none.
                        Sid: "WriteTraces",
                        Effect: "Allow",
                        Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
                        Resource: "*",
                    },
                    ...(args.allow ?? []),
                ]),
            },
            { parent: this },
        );

        this.function = new aws.lambda.Function(
            `${name}-function`,
            {
                name: this.functionName,
                description: args.description,
                role: this.role.arn,
                runtime: aws.lambda.Runtime.NodeJS24dX,
                architectures: ["arm64"],
                handler: "index.handler",
                code: artifact(name, args.factory),
                memorySize: args.memoryMb ?? 128,
                timeout: args.timeoutSeconds ?? 10,
                environment: args.environment && { variables: args.environment },
                kmsKeyArn: operations.encryption.keyArn,
                tracingConfig: { mode: "Active" },
                loggingConfig: {
                    logFormat: "JSON",
                    logGroup: logGroupName,
                    applicationLogLevel: operations.logs.level,
                    systemLogLevel: "INFO",
                },
            },
            // The function could start before its role may do anything, and Lambda would make the log group without retention.
            { parent: this, dependsOn: [policy, logs] },
        );
        const alarmOn = (metric: "Errors" | "Throttles", what: string) =>
            alarm(
                `${name}-${metric.toLowerCase()}`,
                {
                    alarmName: names.physical(`${name}-${metric.toLowerCase()}`),
                    description: `${this.functionName} ${what}.`,
                    namespace: "AWS/Lambda",
                    metric,
                    dimensions: { FunctionName: this.functionName },
                },
                operations,
                { parent: this },
            );
        if (args.alarmOnErrors ?? true) {
            alarmOn("Errors", "failed: see its log group");
        }
        alarmOn("Throttles", "was throttled: its concurrency is used up");
        this.registerOutputs({ functionName: this.functionName, functionArn: this.functionArn });
    }
}

/** ARN of the role that a {@link Callback} of this name has, for what is made before it. */
export function callbackRoleArn(name: string): string {
    const names = stackNames();
    return names.globalArn("iam", `role/${names.physical(name)}`);
}

/** The archive that Lambda receives. */
async function artifact(name: string, factory: () => unknown): Promise<pulumi.asset.AssetArchive> {
    const file = await writeBundle(name, await bundleCallback(name, factory));
    return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.FileAsset(file) });
}
