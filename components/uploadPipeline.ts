import * as crypto from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { migrations } from "../handlers/uploadPipeline/database/migrations";
import { MOST_DELIVERIES } from "../handlers/uploadPipeline/deliveries";
import { uploadPipelineRoutes } from "../handlers/uploadPipeline/routes";
import type { UploadLimits } from "../handlers/uploadPipeline/uploadSchema";
import type { AccessLogBucket } from "./support/accessLogBucket";
import type { ApiGatewayAccount } from "./support/apiGatewayAccount";
import type { Throttle } from "./support/apiKeys";
import type { Firewall } from "./support/firewall";
import { callbackRoleArn } from "./support/callback";
import { clientAuthorizer, type OpenIdConnect } from "./support/clientAuthorizer";
import { apiGraphs, dashboard, functionGraphs, queueGraphs } from "./support/dashboard";
import { DsqlDatabase } from "./support/dsqlDatabase";
import { MessageQueue } from "./support/messageQueue";
import { stackNames } from "./support/names";
import type { Operations } from "./support/operations";
import { PrivateBucket } from "./support/privateBucket";
import { RestApi } from "./support/restApi";
import { schedule } from "./support/schedule";
import { PROMOTE_SECONDS, uploadFunctions } from "./uploadFunctions";

/** Arguments for {@link UploadPipeline}. */
export interface UploadPipelineArgs extends UploadLimits {
    /** Begin of the name of the API's stage, which stands in its URL. */
    readonly stage: string;
    /** SHA-256 digests of each client's live tokens, by client id. */
    readonly clients: Readonly<Record<string, readonly string[]>>;
    /** An issuer whose JWTs are let in besides the clients' tokens; `false` for none. */
    readonly openIdConnect: false | OpenIdConnect;
    /** Origins whose pages may call the API and send forms; `*` for all. */
    readonly corsOrigins: readonly string[];
    /** Seconds that API Gateway remembers whose token it is, from 0 to 3600: so long a token may live on after it is withdrawn. */
    readonly rememberTokensSeconds: number;
    /** Keeps earlier versions of objects for 30 days. */
    readonly versioning: boolean;
    /** Days until what arrived and was never finished is deleted; dead letters, which may be sent back, live for 14. */
    readonly keepTemporaryDays: number;
    /** Guards the bucket and the database against deletion with the stack. */
    readonly protectData: boolean;
    /** Limit of all callers together. */
    readonly throttle: Throttle;
    /** Takes the logs of who accesses the bucket. @default - nothing is logged */
    readonly accessLogs?: AccessLogBucket;
    /** Stands before the API. @default - none */
    readonly firewall?: Firewall;
    readonly account: ApiGatewayAccount;
    readonly operations: Operations;
}

/**
 * Takes files over presigned forms, straight to S3, checks them, and moves them to their place. Each file has a status, which a small state
 * machine in PostgreSQL keeps: whatever crashes or comes twice, it does not lie, and no file is lost.
 */
export class UploadPipeline extends pulumi.ComponentResource {
    /** Base URL of the API, without a slash at its end. */
    public readonly url: pulumi.Output<string>;
    public readonly bucketName: pulumi.Output<string>;
    public readonly queueUrl: pulumi.Output<string>;

    constructor(name: string, args: UploadPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:components:UploadPipeline", name, {}, opts);
        const { operations } = args;
        const { encryption } = operations;
        const names = stackNames();
        const parent = { parent: this };
        const limits: UploadLimits = { extensions: args.extensions, maxBytes: args.maxBytes };
        const routes = uploadPipelineRoutes(limits);

        const storage = new PrivateBucket(
            name,
            {
                encryption,
                versioning: args.versioning,
                accessLogs: args.accessLogs,
                expireDays: { "temp/": args.keepTemporaryDays },
                formOrigins: args.corsOrigins,
                protectData: args.protectData,
            },
            parent,
        );
        const queue = new MessageQueue(
            `${name}-queue`,
            { visibilitySeconds: 6 * PROMOTE_SECONDS, mostDeliveries: MOST_DELIVERIES, operations },
            parent,
        );
        const database = new DsqlDatabase(`${name}-database`, { encryption, protectData: args.protectData }, parent);
        const authorizer = clientAuthorizer(
            `${name}-authorize`,
            { routes, clients: args.clients, openIdConnect: args.openIdConnect, operations },
            parent,
        );
        // The stage's name stands for the API in the worker's policy: no other API has it.
        const stage = `${args.stage}-${name}`;
        const functions = uploadFunctions(
            name,
            { storage, queue, database, limits, corsOrigins: args.corsOrigins, operations },
            parent,
        );

        const api = new RestApi(
            `${name}-api`,
            {
                title: "UploadPipeline",
                stage,
                routes,
                callback: ({ path }) => functions.byPath[path],
                corsOrigins: args.corsOrigins,
                // A gzip body comes under the content type of what it holds; taken for text it would be ruined.
                binaryMediaTypes: ["application/json"],
                authorizer: {
                    callback: authorizer,
                    header: "Authorization",
                    rememberSeconds: args.rememberTokensSeconds,
                },
                iamCallers: [callbackRoleArn(`${name}-promote`)],
                throttle: args.throttle,
                firewall: args.firewall,
                account: args.account,
                operations,
            },
            parent,
        );
        const promote = functions.promote(api);
        new aws.lambda.EventSourceMapping(
            `${name}-promote-messages`,
            {
                eventSourceArn: queue.queue.arn,
                functionName: promote.functionName,
                batchSize: 5,
                functionResponseTypes: ["ReportBatchItemFailures"],
                scalingConfig: { maximumConcurrency: 20 },
            },
            { parent: this, dependsOn: promote.function },
        );
        schedule(
            `${name}-fail-every-minute`,
            { everyMinutes: 1, description: "Looks through dead letters", callback: functions.fail },
            parent,
        );
        schedule(
            `${name}-sweep-every-5-minutes`,
            { everyMinutes: 5, description: "Finishes what clients left open", callback: functions.sweep },
            parent,
        );
        new aws.lambda.Invocation(
            `${name}-migration`,
            {
                functionName: functions.migrate.function.name,
                input: JSON.stringify({}),
                triggers: {
                    migrations: hash(migrations()),
                    roles: hash(functions.iamRoles),
                    cluster: database.address,
                },
            },
            { parent: this, dependsOn: functions.connecting },
        );

        dashboard(
            name,
            [
                {
                    title: "Files",
                    metrics: ["FilesCompleted", "DeliveriesFailed"].map((metric) => [
                        names.physical(name),
                        metric,
                        "Service",
                        "UploadPipeline",
                    ]),
                },
                ...queueGraphs(names.physical(`${name}-queue`), names.physical(`${name}-queue-dead-letters`)),
                ...apiGraphs(api.apiName, stage),
                ...functionGraphs(promote.functionName),
            ],
            parent,
        );

        this.url = api.url;
        this.bucketName = storage.bucket.bucket;
        this.queueUrl = queue.queue.url;
        const example = pulumi.interpolate`curl -X POST ${api.url}/upload -H "authorization: Bearer <token>" -H "content-type: application/json" -d '{"file_name":"hello.txt","extension":".txt","len":5,"type":"text/plain"}'`;
        this.registerOutputs({ url: this.url, bucketName: this.bucketName, queueUrl: this.queueUrl, example });
    }
}

function hash(value: unknown): string {
    return crypto.createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
