import * as crypto from "node:crypto";
import type { PlannedResource } from "../../../plan/types";
import { awsError } from "../../errors";
import type { AwsApi, ResourceProvider } from "../../gateway/types";
import type { AccessRequest, Authorizer, Principal } from "../../iam/types";
import type { LogSink } from "../logs/types";
import { createAccess } from "./access";
import { lambdaApi } from "./api";
import { asyncInvocations } from "./asyncInvocations";
import { toConfiguration, type FunctionConfiguration } from "./configuration";
import { functionLogs } from "./functionLog";
import { parseFunctionName, toStatement } from "./functionPolicy";
import { createFunctions, type LambdaFunction } from "./functions";
import { LARGEST_PAYLOAD } from "./invocation";
import { defaultLimits, type PoolLimits } from "./pool";
import { submit } from "./submit";
import type { Invocation, InvocationResult, LambdaInvoker, InvokeOptions } from "./types";

/** Arguments for {@link createLambda}. */
export interface LambdaOptions {
    readonly dataDir: string;
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    /** Makes the temporary credentials of environments. */
    readonly credentials: {
        issue(principal: Principal, options: { durationSeconds: number }): IssuedCredentials;
    };
    readonly logs: LogSink;
    /** URL of the AWS APIs, e.g. `http://127.0.0.1:4400`; asked for at each start of an environment. */
    readonly endpoint: () => string;
    /** Rewrites the URLs in values of environment variables to those of this machine. */
    readonly localise: (value: string) => string;
    /** Variables that every function gets besides its own; asked for at each start of an environment. @default - none */
    readonly addedVariables?: () => Readonly<Record<string, string>>;
    /** Tells the user something. */
    readonly print: (line: string) => void;
    readonly limits?: Partial<PoolLimits>;
    /** Waits before the second and third attempt of an asynchronous invocation, in milliseconds; AWS waits 1 and 2 minutes. @default 1 and 2 seconds */
    readonly retryDelaysMs?: readonly number[];
}

export interface IssuedCredentials {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
}

export interface Lambda extends LambdaInvoker, AwsApi, ResourceProvider {
    /** Accepts an event and runs it later, with two more attempts after function errors. Refusals are thrown as by `invoke`. */
    invokeAsync(invocation: Invocation): void;
    /** Runs a function for Lambda itself, as event source mappings do: no policy is asked. Throws as `invoke` does. */
    invokeUnasked(functionName: string, payload: string): Promise<InvocationResult>;
    /** A declared function's configuration, by its name or ARN. */
    configurationOf(functionName: string): FunctionConfiguration | undefined;
    /** Whether a declared function's role may do something, as Lambda asks before it does that in the role's name. */
    roleMay(functionName: string, request: Pick<AccessRequest, "action" | "resource" | "resourcePolicy">): boolean;
    close(): Promise<void>;
}

/** Runs declared functions in processes of their own, spoken to by the Runtime API. */
export function createLambda(options: LambdaOptions): Lambda {
    const { account, region } = options;
    const access = createAccess(options.authorizer, account);
    const limits = { ...defaultLimits, ...options.limits };
    const functions = createFunctions({ ...options, limits, openLog: functionLogs(options) });
    const events = asyncInvocations({
        delaysMs: options.retryDelaysMs ?? [1_000, 2_000],
        print: options.print,
        run: (fn, arn, invocation) => submit(fn, arn, invocation, {}).then(({ result }) => result),
    });
    let closed = false;

    const invoke = async (invocation: Invocation, invokeOptions: InvokeOptions = {}) => {
        const { fn, arn } = authorized(invocation, LARGEST_PAYLOAD);
        return submit(fn, arn, invocation, invokeOptions);
    };
    const invokeAsync = (invocation: Invocation) => {
        const { fn, arn } = authorized(invocation, LARGEST_EVENT);
        events.accept(fn, arn, invocation);
    };
    const configurationOf = (functionName: string) => functions.resolve(functionName).fn?.configuration;
    const api = lambdaApi({
        invoke,
        invokeAsync,
        authorizeInvoke: (invocation) => void authorized(invocation, LARGEST_PAYLOAD),
        functions,
        access,
        account,
        region,
    });

    return {
        ...api,
        invoke: (invocation) => invoke(invocation).then(({ result }) => result),
        invokeAsync,
        async invokeUnasked(functionName, payload) {
            const { fn, arn } = found(functionName, payload, LARGEST_PAYLOAD);
            const { result } = await submit(fn, arn, { functionName, payload, principal: LAMBDA }, {});
            return result;
        },
        configurationOf,
        roleMay(functionName, request) {
            const configuration = configurationOf(functionName);
            if (configuration === undefined) {
                return false;
            }
            const { role: roleArn, name: sessionName } = configuration;
            return options.authorizer.decide({ principal: { type: "role", roleArn, sessionName }, ...request }).allowed;
        },
        apply: {
            "aws:lambda/function:Function": (resource) => functions.apply(toConfiguration(resource, account, region)),
            "aws:lambda/alias:Alias": (resource: PlannedResource) => {
                const { functionName, name } = resource.inputs as { functionName: string; name: string };
                functions.addAlias(parseFunctionName(functionName).name, name);
            },
            "aws:lambda/permission:Permission": (resource) => {
                const { functionName, statement } = toStatement(resource, account, region);
                access.permit(functionName, statement);
            },
        },
        ready: () => access.forget(),
        async close() {
            closed = true;
            events.close();
            await functions.close();
        },
    };

    function authorized(
        { functionName, payload, principal, sourceArn }: Invocation,
        largest: number,
    ): { fn: LambdaFunction; arn: string } {
        const { fn, arn } = functions.resolve(functionName);
        access.authorizeInvoke({
            functionName: fn?.configuration.name ?? "",
            arn,
            principal,
            sourceArn,
            requestId: crypto.randomUUID(),
        });
        return found(functionName, payload, largest);
    }

    function found(
        functionName: string,
        payload: string | Buffer,
        largest: number,
    ): { fn: LambdaFunction; arn: string } {
        if (closed) {
            throw awsError("ServiceException", 500, "The local run is ending.");
        }
        const { fn, arn } = functions.resolve(functionName);
        if (fn === undefined) {
            throw awsError("ResourceNotFoundException", 404, `Function not found: ${arn}`);
        }
        if (Buffer.byteLength(payload) > largest) {
            const message = `Request must be smaller than ${largest} bytes for the InvokeFunction operation`;
            throw awsError("RequestTooLargeException", 413, message);
        }
        return { fn, arn };
    }
}

/** Who invokes where nobody else does. */
const LAMBDA: Principal = { type: "service", service: "lambda.amazonaws.com" };

/** Largest payload of an asynchronous invocation, in bytes. */
const LARGEST_EVENT = 1024 * 1024;
