import type { EventBridgeEvent } from "aws-lambda";
import * as v from "valibot";
import { readEnv } from "../shared/env";
import { count } from "../shared/metrics";
import { fromVariables } from "./starting/command";
import { stopReason, type StoppedTask } from "./stopReasons";
import type { Way } from "./sweepRules";
import type { OrderChange } from "./table/changeOrder";
import { ordersOfRun } from "./table/dueOrders";
import { failOrder } from "./table/failOrder";
import { orderTable, type OrderKey, type OrderTable } from "./table/orderTable";

/** The `detail` of "ECS Task State Change", as far as it is read. Source: ECS Developer Guide, "Task state change events". */
export interface StoppedDetail extends StoppedTask {
    readonly taskArn: string;
    readonly overrides?: {
        readonly containerOverrides?: readonly {
            readonly environment?: readonly { readonly name: string; readonly value: string }[];
        }[];
    };
}

/**
 * Makes the orders fail that a task leaves open at its end: at once, and with the reason. What it brought to an end, or never had, stays;
 * so the event may come late, twice, or never, when the sweep does it.
 *
 * Reads `TABLE` and `METRICS_NAMESPACE`.
 */
export function taskStoppedFactory(way: Way) {
    const env = readEnv({ TABLE: v.string(), METRICS_NAMESPACE: v.string() });
    const table = orderTable(env.TABLE);
    const metrics = { namespace: env.METRICS_NAMESPACE, service: "OrderService" };
    return async ({ id, detail }: EventBridgeEvent<string, StoppedDetail>): Promise<void> => {
        const fail = async (order: OrderKey, condition: Condition) => {
            const { changed } = await failOrder(table, order, stopReason(detail), condition);
            if (changed) {
                const { stopCode, stoppedReason, containers = [] } = detail;
                const causes = containers.map(({ exitCode, reason }) => ({ exitCode, reason }));
                const cause = { stopCode, stoppedReason, containers: causes };
                console.warn({ event: id, task: detail.taskArn, failed: order.orderId, ...cause });
                count(metrics, { OrdersFailed: 1 }, { id });
            }
        };
        await (way === "task" ? failOwn(detail, fail) : failAllOf(table, detail, fail));
    };
}

type Condition = Pick<OrderChange, "when" | "values">;
type Fail = (order: OrderKey, condition: Condition) => Promise<void>;

/** A task of one command: it may have died before it took it, and is then the newest start of the newest command. */
async function failOwn({ taskArn, overrides }: StoppedDetail, fail: Fail): Promise<void> {
    const [override] = overrides?.containerOverrides ?? [];
    const variables = (override?.environment ?? []).map(({ name, value }) => [name, value] as const);
    const order = fromVariables(Object.fromEntries(variables));
    if (!order) {
        console.warn({ task: taskArn, ignored: "it was started without a command" });
        return;
    }
    const { command, attempt } = order;
    await fail(order, {
        when:
            "(#status = :processing AND #run = :run) OR " +
            "(#status = :pending AND #command = :command AND #attempt = :attempt)",
        values: { processing: "processing", pending: "pending", run: taskArn, command, attempt },
    });
}

/** A worker may have had several orders. */
async function failAllOf(table: OrderTable, { taskArn }: StoppedDetail, fail: Fail): Promise<void> {
    const orders = await ordersOfRun(table, taskArn);
    const condition = {
        when: "#status = :processing AND #run = :run",
        values: { processing: "processing", run: taskArn },
    };
    await Promise.all(orders.map((order) => fail(order, condition)));
}
