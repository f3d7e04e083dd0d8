import * as crypto from "node:crypto";
import type * as http from "node:http";
import * as path from "node:path";
import type { PlannedResource } from "../../../plan/types";
import type { CredentialStore } from "../../gateway/credentials";
import type { ResourceProvider } from "../../gateway/types";
import type { RoleStore } from "../../iam/roles";
import type { Authorizer } from "../../iam/types";
import type { LambdaInvoker } from "../lambda/types";
import type { LogSink } from "../logs/types";
import { compileAccessLog, logGroupOf, type AccessLogSettings } from "./accessLog";
import { createHandler, PREFIX } from "./handle";
import { importRestApi } from "./openApi/importBody";
import { createMethodThrottles, type MethodSettingsInputs } from "./throttling/methodSettings";
import { openQuotas } from "./throttling/quotas";
import { ACCOUNT_BURST, ACCOUNT_RATE, createTokenBucket } from "./throttling/tokenBucket";
import { createUsagePlans } from "./throttling/usagePlans";
import type { Api, Stage } from "./types";

export interface ApiGatewayOptions {
    /** Directory for what must survive a restart: the counts of quotas. */
    readonly dataDir: string;
    readonly account: string;
    readonly region: string;
    readonly invoker: LambdaInvoker;
    readonly logs: LogSink;
    readonly authorizer: Authorizer;
    /** Access keys that may sign requests to methods which IAM authorises. */
    readonly credentials: Pick<CredentialStore, "find">;
    /** Where the unique ids of the signers' roles are found. */
    readonly roles: RoleStore;
    /** URL of the gateway, e.g. `http://127.0.0.1:4400`. */
    readonly endpoint: () => string;
    /** A value that AWS would generate, kept under a resource's URN and property. */
    readonly generated: (urn: string, property: string, make: () => string) => string;
    /** Milliseconds since 1970. @default Date.now */
    readonly now?: () => number;
}

export interface ApiGateway extends ResourceProvider {
    /** Answers a request whose path begins with `/_api/<id>/<stage>`. */
    handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void>;
    /** URL of a stage, without a slash at its end. */
    baseUrl(apiId: string, stage: string): string;
}

/** REST APIs as API Gateway (v1) serves them: routes, API keys, throttles, quotas, validators, Lambda proxy and mock integrations. */
export function createApiGateway(options: ApiGatewayOptions): ApiGateway {
    const { account, region, logs, invoker, authorizer, credentials, roles, now = Date.now } = options;
    const apis = new Map<string, Api>();
    const stages = new Map<string, DeclaredStage>();
    const usagePlans = createUsagePlans();
    const methodThrottles = createMethodThrottles();
    const quotas = openQuotas(path.join(options.dataDir, "quotas.json"));
    let cloudwatchRoleArn: string | undefined;
    const limits = {
        usagePlans,
        quotas,
        methodThrottles,
        accountBucket: createTokenBucket(ACCOUNT_RATE, ACCOUNT_BURST),
    };
    const handle = createHandler({
        account,
        region,
        invoker,
        authorizer,
        credentials,
        roles,
        limits,
        now,
        find(apiId, stageName) {
            const api = apis.get(apiId);
            const stage = stages.get(`${apiId}/${stageName}`);
            return api && stage ? { api, stage: stage.served } : undefined;
        },
    });
    return {
        handle,
        baseUrl: (apiId, stage) => `${options.endpoint()}${PREFIX}${apiId}/${stage}`,
        apply: {
            "aws:apigateway/restApi:RestApi": ({ id, inputs }) => {
                apis.set(id, importRestApi(id, inputs, `arn:aws:execute-api:${region}:${account}:${id}`));
            },
            // A stage serves its API's present body, so that a deployment is but an id.
            "aws:apigateway/deployment:Deployment": () => undefined,
            "aws:apigateway/stage:Stage": ({ inputs }) => {
                const stage = declareStage(inputs as unknown as StageInputs, logs);
                stages.set(`${stage.served.apiId}/${stage.served.name}`, stage);
            },
            "aws:apigateway/methodSettings:MethodSettings": ({ inputs }) => {
                methodThrottles.set(inputs as unknown as MethodSettingsInputs);
            },
            "aws:apigateway/usagePlan:UsagePlan": ({ id, inputs }) => usagePlans.setPlan(id, inputs),
            "aws:apigateway/apiKey:ApiKey": ({ id, urn, inputs }) => {
                const value = (inputs.value as string | undefined) ?? options.generated(urn, "value", makeKeyValue);
                usagePlans.setKey({ id, value, enabled: inputs.enabled !== false });
            },
            "aws:apigateway/usagePlanKey:UsagePlanKey": ({ inputs }: PlannedResource) => {
                usagePlans.addKeyToPlan(String(inputs.usagePlanId), String(inputs.keyId));
            },
            "aws:apigateway/account:Account": ({ inputs }) => {
                cloudwatchRoleArn = (inputs.cloudwatchRoleArn as string | undefined) || undefined;
            },
        },
        ready() {
            for (const stage of stages.values()) {
                prepareLog(stage, cloudwatchRoleArn !== undefined, logs);
            }
        },
        close() {
            quotas.close();
            return Promise.resolve();
        },
    };
}

interface StageInputs {
    readonly restApi: string;
    readonly deployment: string;
    readonly stageName: string;
    readonly variables?: Record<string, string>;
    readonly accessLogSettings?: AccessLogSettings;
}

interface DeclaredStage {
    served: Stage;
    readonly logGroup?: string;
    readonly log?: Stage["log"];
}

function declareStage(
    { restApi, deployment, stageName, variables, accessLogSettings }: StageInputs,
    logs: LogSink,
): DeclaredStage {
    const served = {
        apiId: restApi,
        name: stageName,
        deploymentId: deployment,
        variables: variables && Object.keys(variables).length > 0 ? variables : null,
    };
    return accessLogSettings
        ? {
              served,
              logGroup: logGroupOf(accessLogSettings.destinationArn),
              log: compileAccessLog(accessLogSettings, `${restApi}/${stageName}`, logs),
          }
        : { served };
}

/** Settles whether a stage may write its access log, which is known only once everything is applied. */
function prepareLog(stage: DeclaredStage, accountMayLog: boolean, logs: LogSink): void {
    const { served, log, logGroup } = stage;
    if (!log || !logGroup) {
        return;
    }
    if (!logs.has(logGroup)) {
        throw new Error(`The stage ${served.name} writes its access log to ${logGroup}, which is not declared.`);
    }
    if (!accountMayLog) {
        process.stderr.write(
            `The stage ${served.name} has no access log: CloudWatch Logs role ARN must be set in account settings (aws.apigateway.Account).\n`,
        );
    }
    stage.served = { ...served, log: accountMayLog ? log : undefined };
}

/** 40 letters and digits, as API Gateway makes them. */
function makeKeyValue(): string {
    return Array.from({ length: 40 }, () => ALPHABET[crypto.randomInt(ALPHABET.length)]).join("");
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
