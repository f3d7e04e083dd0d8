import * as pulumi from "@pulumi/pulumi";
import { ingestEventsFactory } from "../handlers/eventIngest/ingestEvents";
import { eventIngestRoutes } from "../handlers/eventIngest/routes";
import type { AccessLogBucket } from "./support/accessLogBucket";
import type { ApiGatewayAccount } from "./support/apiGatewayAccount";
import type { Throttle } from "./support/apiKeys";
import type { Firewall } from "./support/firewall";
import { Callback } from "./support/callback";
import { apiGraphs, dashboard, functionGraphs } from "./support/dashboard";
import { HourlyJsonTable } from "./support/jsonTable";
import { stackNames } from "./support/names";
import { apiDescription } from "./support/openApi/apiDescription";
import type { Operations } from "./support/operations";
import { PrivateBucket } from "./support/privateBucket";
import { RestApi } from "./support/restApi";

/** Arguments for {@link EventIngest}. */
export interface EventIngestArgs {
    /** Name of the API's stage, which stands in its URL. */
    readonly stage: string;
    /** SHA-256 digests of each client's live tokens, by client id. */
    readonly clients: Readonly<Record<string, readonly string[]>>;
    /** Origins whose pages may send events; `*` for all. */
    readonly corsOrigins: readonly string[];
    /** Keeps earlier versions of objects for 30 days. Events are never overwritten; this guards against deletion. */
    readonly versioning: boolean;
    /** Days until accepted events are deleted. */
    readonly keepEventsDays: number;
    /** Days until rejected events are deleted; until then they can be replayed. */
    readonly keepRejectedDays: number;
    /** Guards the bucket against deletion with the stack. */
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
 * Takes events over HTTP and answers only when they are durable: `POST /events` checks each event, writes the good ones as
 * one object to S3 and the bad ones beside it with the reason, and gives the client a receipt for all. Athena reads the
 * events at once.
 */
export class EventIngest extends pulumi.ComponentResource {
    /** Base URL of the API, without a slash at its end. */
    public readonly url: pulumi.Output<string>;
    public readonly bucketName: pulumi.Output<string>;

    constructor(name: string, args: EventIngestArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:components:EventIngest", name, {}, opts);
        const { operations, stage } = args;
        const names = stackNames();
        const parent = { parent: this };

        const storage = new PrivateBucket(
            name,
            {
                encryption: operations.encryption,
                versioning: args.versioning,
                accessLogs: args.accessLogs,
                expireDays: { "events/": args.keepEventsDays, "rejected/": args.keepRejectedDays },
                protectData: args.protectData,
            },
            parent,
        );

        const routes = eventIngestRoutes();
        const description = apiDescription({ title: "EventIngest", routes });
        const ingest = new Callback(
            `${name}-ingest`,
            {
                factory: () => ingestEventsFactory(description),
                description: "Checks events and writes them to S3",
                allow: [
                    {
                        Sid: "WriteEvents",
                        Effect: "Allow",
                        Action: "s3:PutObject",
                        Resource: ["events/*", "rejected/*"].map((keys) => names.bucketArn(storage.bucketName, keys)),
                    },
                ],
                environment: {
                    BUCKET: storage.bucketName,
                    CLIENTS: JSON.stringify(args.clients),
                    CORS_ORIGINS: JSON.stringify(args.corsOrigins),
                    METRICS_NAMESPACE: names.physical(name),
                },
                memoryMb: 256,
                timeoutSeconds: 10,
                operations,
            },
            parent,
        );
        operations.encryption.allowRole({
            role: ingest.role,
            roleArn: ingest.roleArn,
            actions: ["kms:GenerateDataKey"],
            service: "s3",
            context: { "aws:s3:arn": storage.arn },
        });

        const api = new RestApi(
            `${name}-api`,
            {
                title: "EventIngest",
                stage,
                routes,
                callback: ingest,
                corsOrigins: args.corsOrigins,
                // A gzip body comes under the content type of what it holds; taken for text it would be ruined.
                binaryMediaTypes: ["application/json"],
                throttle: args.throttle,
                firewall: args.firewall,
                account: args.account,
                operations,
            },
            parent,
        );

        new HourlyJsonTable(
            name,
            {
                bucketName: storage.bucketName,
                prefix: "events/",
                tableName: "events",
                columns: {
                    event_name: "string",
                    user_id: "string",
                    event_time: "string",
                    properties: "string",
                    received_at: "string",
                    batch_id: "string",
                    client_id: "string",
                },
                years: [2026, 2035],
            },
            parent,
        );
        const metric = (metricName: string) => [names.physical(name), metricName, "Service", "EventIngest"];
        dashboard(
            name,
            [
                { title: "Events", metrics: ["EventsAccepted", "EventsRejected", "DuplicateBatches"].map(metric) },
                ...apiGraphs(api.apiName, stage),
                ...functionGraphs(ingest.functionName),
            ],
            parent,
        );

        this.url = api.url;
        this.bucketName = storage.bucket.bucket;
        const example = pulumi.interpolate`curl -X POST ${api.url}/events -H "x-auth-token: <token>" -H "content-type: application/json" -d '{"event_name":"hello"}'`;
        this.registerOutputs({ url: this.url, bucketName: this.bucketName, example });
    }
}
