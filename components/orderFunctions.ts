import type * as pulumi from "@pulumi/pulumi";
import { createOrderFactory } from "../handlers/orderService/createOrder";
import { deleteOrderFactory } from "../handlers/orderService/deleteOrder";
import { getOrderFactory } from "../handlers/orderService/getOrder";
import { listOrdersFactory } from "../handlers/orderService/listOrders";
import { replaceOrderFactory } from "../handlers/orderService/replaceOrder";
import { orderServiceRoutes } from "../handlers/orderService/routes";
import type { Way } from "../handlers/orderService/sweepRules";
import { sweepOrdersFactory } from "../handlers/orderService/sweepOrders";
import { ORDER_TABLE, SECRETS_OWNER } from "../handlers/orderService/table/schema";
import { taskStoppedFactory } from "../handlers/orderService/taskStopped";
import type { CommandStarter } from "./orderProcessing";
import { Callback, type CallbackArgs } from "./support/callback";
import type { DocumentTable } from "./support/documentTable";
import type { FargateTask } from "./support/fargateTask";
import { stackNames } from "./support/names";
import { apiDescription } from "./support/openApi/apiDescription";
import type { Operations } from "./support/operations";

/** What the functions of OrderService work with. */
export interface OrderFunctionsArgs {
    readonly table: DocumentTable;
    readonly task: FargateTask;
    readonly way: Way;
    readonly starter: CommandStarter;
    readonly corsOrigins: readonly string[];
    readonly operations: Operations;
}

/** The functions of OrderService. */
export interface OrderFunctions {
    /** What answers a route, by method and path; a path's preflights are answered by what answers its `GET`. */
    readonly byRoute: Readonly<Record<string, Callback>>;
    readonly stopped: Callback;
    readonly sweep: Callback;
}

/** Makes the functions, each with its own role and exactly its statements. */
export function orderFunctions(
    name: string,
    { table, task, way, starter, corsOrigins, operations }: OrderFunctionsArgs,
    opts: pulumi.ComponentResourceOptions,
): OrderFunctions {
    const common = { TABLE: table.tableName };
    const cors = { CORS_ORIGINS: JSON.stringify(corsOrigins) };
    const metrics = { METRICS_NAMESPACE: stackNames().physical(name) };
    const make = (purpose: string, own: Omit<CallbackArgs, "operations">) =>
        new Callback(
            `${name}-${purpose}`,
            { memoryMb: 256, ...own, environment: { ...common, ...own.environment }, operations },
            opts,
        );
    /** A function that starts commands. */
    const starting = (purpose: string, own: Omit<CallbackArgs, "operations">) => {
        const callback = make(purpose, {
            ...own,
            allow: [...(own.allow ?? []), ...starter.allow],
            environment: { ...own.environment, ...starter.environment },
        });
        starter.allowKey(callback);
        return callback;
    };
    const { byStatus, byDue } = ORDER_TABLE.indexes;
    const changeOrders = table.allow({ sid: "ChangeOrders", actions: ["UpdateItem"] });
    const findDue = table.allow({ sid: "FindDueOrders", actions: ["Query"], indexes: [byDue.name] });

    const create = starting("create", {
        factory: () => createOrderFactory(way),
        description: "Takes orders, and starts their processing",
        allow: [table.allow({ sid: "StoreOrders", actions: ["PutItem"] })],
        environment: cors,
        timeoutSeconds: 25,
    });
    const replace = starting("replace", {
        factory: () => replaceOrderFactory(way),
        description: "Puts orders in the place of others",
        allow: [changeOrders],
        environment: cors,
        timeoutSeconds: 25,
    });
    const list = make("list", {
        factory: () => listOrdersFactory(),
        description: "Lists a client's orders",
        timeoutSeconds: 25,
        allow: [
            table.allow({ sid: "ListOrders", actions: ["Query", "BatchGetItem"] }),
            table.allow({ sid: "ListByStatus", actions: ["Query"], indexes: [byStatus.name] }),
            table.allow({
                sid: "KeepCursorSecret",
                actions: ["GetItem", "PutItem"],
                partitions: [SECRETS_OWNER],
            }),
        ],
        environment: cors,
    });
    const description = apiDescription({ title: "OrderService", routes: orderServiceRoutes() });
    const get = make("get", {
        factory: () => getOrderFactory(description),
        description: "Tells an order and its status",
        allow: [table.allow({ sid: "ReadOrders", actions: ["GetItem"] })],
        environment: cors,
    });
    const remove = make("delete", {
        factory: () => deleteOrderFactory(),
        description: "Deletes orders",
        allow: [changeOrders],
        environment: cors,
    });
    const stopped = make("stopped", {
        factory: () => taskStoppedFactory(way),
        description: "Makes the orders of tasks that died fail",
        allow: way === "task" ? [changeOrders] : [changeOrders, findDue],
        environment: metrics,
        timeoutSeconds: 30,
    });
    const sweep = starting("sweep", {
        factory: () => sweepOrdersFactory(way),
        description: "Starts again, or ends, what nobody brought to its end",
        allow: [findDue, changeOrders, ...task.allowStop()],
        environment: { ...metrics, CLUSTER: task.clusterName },
        timeoutSeconds: 120,
    });

    const byRoute = {
        "POST /pedidos": create,
        "GET /pedidos": list,
        "GET /pedidos/{id}": get,
        "PUT /pedidos/{id}": replace,
        "DELETE /pedidos/{id}": remove,
        "GET /openapi.json": get,
    };
    return { byRoute, stopped, sweep };
}
