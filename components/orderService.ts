import * as pulumi from "@pulumi/pulumi";
import { orderServiceRoutes } from "../handlers/orderService/routes";
import { ORDER_TABLE } from "../handlers/orderService/table/schema";
import { orderFunctions } from "./orderFunctions";
import { orderProcessing, type OrderProcessingSettings } from "./orderProcessing";
import type { ApiGatewayAccount } from "./support/apiGatewayAccount";
import type { Throttle } from "./support/apiKeys";
import type { Firewall } from "./support/firewall";
import { clientAuthorizer, type OpenIdConnect } from "./support/clientAuthorizer";
import { apiGraphs, dashboard, functionGraphs, queueGraphs } from "./support/dashboard";
import { DocumentTable } from "./support/documentTable";
import { eventRule } from "./support/eventRule";
import { stackNames } from "./support/names";
import { alarm, type Operations } from "./support/operations";
import { RestApi } from "./support/restApi";
import { schedule } from "./support/schedule";

/** Arguments for {@link OrderService}. */
export interface OrderServiceArgs extends OrderProcessingSettings {
    /** Name of the API's stage, which stands in its URL. */
    readonly stage: string;
    /** SHA-256 digests of each client's live tokens, by client id. */
    readonly clients: Readonly<Record<string, readonly string[]>>;
    /** An issuer whose JWTs are let in besides the clients' tokens; `false` for none. */
    readonly openIdConnect: false | OpenIdConnect;
    /** Origins whose pages may call the API; `*` for all. */
    readonly corsOrigins: readonly string[];
    /** Seconds that API Gateway remembers whose token it is, from 0 to 3600: so long a token may live on after it is withdrawn. */
    readonly rememberTokensSeconds: number;
    /** Keeps what is needed to restore the table to any second of the last 35 days. */
    readonly pointInTimeRecovery: boolean;
    /** Guards the table and the images against deletion with the stack. */
    readonly protectData: boolean;
    /** Limit of all callers together. */
    readonly throttle: Throttle;
    /** Stands before the API. @default - none */
    readonly firewall?: Firewall;
    readonly account: ApiGatewayAccount;
    readonly operations: Operations;
}

/**
 * Takes orders, stores them, and has a container process each: in a Fargate task of its own, or by workers on a queue. Each order reaches
 * a final status exactly once, whatever becomes of the container, and its client can always see which.
 */
export class OrderService extends pulumi.ComponentResource {
    /** Base URL of the API, without a slash at its end. */
    public readonly url: pulumi.Output<string>;
    public readonly tableName: pulumi.Output<string>;

    constructor(
        private readonly name: string,
        private readonly args: OrderServiceArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:components:OrderService", name, {}, opts);
        const { way, operations, protectData } = args;
        const parent = { parent: this };
        const routes = orderServiceRoutes();

        const table = new DocumentTable(
            name,
            {
                ...ORDER_TABLE,
                indexes: Object.values(ORDER_TABLE.indexes),
                ...{ encryption: operations.encryption, protectData, pointInTimeRecovery: args.pointInTimeRecovery },
            },
            parent,
        );
        const { task, queue, starter } = orderProcessing(name, { ...args, table }, parent);
        const authorizer = clientAuthorizer(
            `${name}-authorize`,
            { routes, clients: args.clients, openIdConnect: args.openIdConnect, operations },
            parent,
        );
        const functions = orderFunctions(
            name,
            { table, task, way, starter, corsOrigins: args.corsOrigins, operations },
            parent,
        );
        const api = new RestApi(
            `${name}-api`,
            {
                title: "OrderService",
                stage: args.stage,
                routes,
                callback: ({ method, path }) =>
                    functions.byRoute[`${method} ${path}`] ?? functions.byRoute[`GET ${path}`],
                corsOrigins: args.corsOrigins,
                // A gzip body comes under the content type of what it holds; taken for text it would be ruined.
                binaryMediaTypes: ["application/json"],
                authorizer: {
                    callback: authorizer,
                    header: "Authorization",
                    rememberSeconds: args.rememberTokensSeconds,
                },
                throttle: args.throttle,
                firewall: args.firewall,
                account: args.account,
                operations,
            },
            parent,
        );
        eventRule(
            `${name}-task-stopped`,
            {
                description: "Tasks that came to their end",
                on: { eventPattern: task.stoppedPattern() },
                callback: functions.stopped,
            },
            parent,
        );
        schedule(
            `${name}-sweep-every-minute`,
            { everyMinutes: 1, description: "Looks after orders whose time has come", callback: functions.sweep },
            parent,
        );
        this.watch(api, queue !== undefined);

        this.url = api.url;
        this.tableName = table.table.name;
        const example = pulumi.interpolate`curl -X POST ${api.url}/pedidos -H "authorization: Bearer <token>" -H "content-type: application/json" -d '{"customer_id":"c-1","items":[{"sku":"tea","quantity":2,"unit_price_cents":450}],"currency":"EUR"}'`;
        this.registerOutputs({ url: this.url, tableName: this.tableName, example });
    }

    private watch(api: RestApi, queued: boolean): void {
        const { name, args } = this;
        const { physical } = stackNames();
        const parent = { parent: this };
        const metric = (metricName: string) => [physical(name), metricName, "Service", "OrderService"];
        alarm(
            `${name}-failed`,
            {
                alarmName: physical(`${name}-failed`),
                description: `Orders failed: see the log of ${physical(`${name}-stopped`)} and ${physical(`${name}-sweep`)}.`,
                namespace: physical(name),
                metric: "OrdersFailed",
                dimensions: { Service: "OrderService" },
            },
            args.operations,
            parent,
        );
        dashboard(
            name,
            [
                { title: "Orders", metrics: ["OrdersFailed", "OrdersStartedAgain"].map(metric) },
                ...(queued ? queueGraphs(physical(`${name}-queue`), physical(`${name}-queue-dead-letters`)) : []),
                ...apiGraphs(api.apiName, args.stage),
                ...functionGraphs(physical(`${name}-create`)),
            ],
            parent,
        );
    }
}
