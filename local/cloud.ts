import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Plan } from "../plan/types";
import { createConsole } from "./console";
import { createEndpoints, type Endpoints } from "./endpoints";
import { authenticate } from "./gateway/authenticate";
import { createCredentials } from "./gateway/credentials";
import { createGateway } from "./gateway/server";
import type { ResourceProvider } from "./gateway/types";
import { createAuthorizer } from "./iam/authorizer";
import type { Principal } from "./iam/types";
import type { Secrets } from "./secrets";
import { createApiGateway } from "./services/apigateway/apiGateway";
import { createAutoScaling } from "./services/autoscaling/autoscaling";
import { createDsql } from "./services/dsql/dsql";
import { createDynamoDb } from "./services/dynamodb/dynamodb";
import { createEcs } from "./services/ecs/ecs";
import { createEvents } from "./services/events/events";
import { createIam } from "./services/iam/iam";
import { createKms } from "./services/kms/kms";
import { createEventSourceMappings } from "./services/lambda/eventSources/eventSourceMappings";
import { createInvocations } from "./services/lambda/invocations";
import { createLambda } from "./services/lambda/lambda";
import { createLogs } from "./services/logs/logs";
import { createS3 } from "./services/s3/s3";
import { createSqs } from "./services/sqs/sqs";
import { createSts } from "./services/sts/sts";
import { createTrace } from "./trace";

export interface CloudArgs {
    /** The Pulumi project's folder. */
    readonly folder: string;
    readonly plan: Plan;
    /** Folder of all data; it exists. */
    readonly dataDir: string;
    readonly secrets: Secrets;
    readonly print: (line: string) => void;
}

/** AWS on this machine, as far as the local run serves it; empty until resources are applied. */
export interface Cloud extends Endpoints {
    /** Providers of the types of resources that have a meaning here. */
    readonly providers: readonly ResourceProvider[];
    /** Keys of a principal that may do everything. */
    readonly adminCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    /** `http://127.0.0.1:<port>`, once it listens. */
    endpoint(): string;
    listen(port: number): Promise<void>;
    /** Ends in order: no new requests, those under way answered or given up, children gone, files closed. */
    close(): Promise<void>;
}

/** Time that requests under way have when the run ends, in milliseconds; all must be over within 3 s. */
const GRACE_MS = 1_500;

/** Puts the services together: each gets exactly the others that it needs. */
export function createCloud({ folder, plan, dataDir, secrets, print }: CloudArgs): Cloud {
    const { account, region } = plan;
    let url = "";
    const endpoint = () => url;
    const generated = (urn: string, property: string, make = generatedText) => secrets.get(`${urn}#${property}`, make);
    const trace = createTrace(path.join(dataDir, "trace.ndjson"));

    const credentials = createCredentials();
    const adminCredentials = {
        accessKeyId: secrets.get("admin access key id", () => `AKIA${generatedText().slice(0, 16).toUpperCase()}`),
        secretAccessKey: secrets.get("admin secret access key", generatedText),
    };
    const admin: Principal = { type: "admin", arn: `arn:aws:iam::${account}:user/local-admin` };
    credentials.addLongTerm(admin, adminCredentials);

    const iam = createIam();
    const authorizer = createAuthorizer({ account, region, roles: iam, trace: trace.add, warn: print });
    const logs = createLogs({ dataDir, authorizer, account, region });
    const keys = createKms({ account, region, authorizer });
    const s3 = createS3({ dataDir, account, region, authorizer, keys, endpoint });
    const queues = createSqs({ dataDir, account, region, authorizer, keys, endpoint, roles: iam });
    const dsql = createDsql({ dataDir, region, authorizer, credentials, print });
    const endpoints = createEndpoints({ endpoint, generated, database: dsql.addressOf });
    const tables = createDynamoDb({ dataDir, account, region, authorizer, keys, print });
    const processes = {
        ...{ dataDir, account, region, authorizer, credentials, logs, endpoint, print },
        localise: endpoints.localise,
        // Node warns of a file that is not there, as it is not where no database is declared.
        addedVariables: (): Record<string, string> =>
            fs.existsSync(dsql.caFile) ? { NODE_EXTRA_CA_CERTS: dsql.caFile } : {},
    };
    const lambda = createLambda(processes);
    const eventSources = createEventSourceMappings({ queues, lambda, region, print });
    const invocations = createInvocations({ dataDir, lambda, principal: admin });
    const events = createEvents({ account, region, lambda, print });
    const ecs = createEcs({ ...processes, events, roles: iam, folder });
    const autoScaling = createAutoScaling({ account, region, queues, services: ecs, print });
    const apiGateway = createApiGateway({
        dataDir,
        account,
        region,
        invoker: lambda,
        logs,
        authorizer,
        credentials,
        roles: iam,
        endpoint,
        generated,
    });
    const sts = createSts({ account, credentials, roles: iam, authorizer });

    const gateway = createGateway({
        apis: [s3, queues, tables, lambda, ecs, sts],
        paths: {
            _api: apiGateway.handle,
            _console: createConsole({ plan, trace, localiseAll: endpoints.localiseAll }),
        },
        authenticate: (request, requestId) => authenticate(request, credentials, { requestId }),
    });
    // What functions use is ready before anything invokes them; invocations on deploy come before events do.
    const providers: ResourceProvider[] = [
        ...[iam, keys, logs, s3, queues, dsql, tables, lambda, apiGateway],
        ...[invocations, eventSources, events, ecs, autoScaling],
    ];
    return {
        ...endpoints,
        providers,
        adminCredentials,
        endpoint,
        async listen(port) {
            url = `http://127.0.0.1:${await gateway.listen(port)}`;
        },
        async close() {
            // What sends work stops first, then what does it, and last what it is done with.
            await Promise.all([events.close?.(), eventSources.close?.(), autoScaling.close()]);
            await gateway.close(GRACE_MS);
            await apiGateway.close?.();
            await Promise.all([lambda.close(), ecs.close()]);
            await Promise.all([dsql.close(), tables.close(), queues.close(), s3.close()]);
            await logs.close?.();
            trace.close();
        },
    };
}

/** Such as AWS makes for the value of an API key: 40 letters and digits. */
function generatedText(): string {
    return crypto.randomBytes(60).toString("base64").replace(/[+/=]/g, "").slice(0, 40);
}
