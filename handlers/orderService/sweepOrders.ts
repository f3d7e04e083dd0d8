import * as crypto from "node:crypto";
import * as ecs from "@aws-sdk/client-ecs";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { readEnv } from "../shared/env";
import { count } from "../shared/metrics";
import type { Starter } from "./starting/command";
import { startAgainAt, startCommand, starterOf } from "./starting/starter";
import { HANGS } from "./stopReasons";
import { sweepRule, type Way } from "./sweepRules";
import { changeOrder } from "./table/changeOrder";
import { dueOrders, SHARDS, type DueOrder } from "./table/dueOrders";
import { failOrder } from "./table/failOrder";
import { orderTable, type Item, type OrderTable } from "./table/orderTable";

/** How many orders a sweep brought further. */
export interface SweepReport {
    readonly started: number;
    /** Counted as a start, but could not be handed over; the next sweep goes on. */
    readonly notStarted: number;
    readonly failed: number;
    /** Tasks that were ended, since they did not end an order that failed. */
    readonly stopped: number;
}

/**
 * Looks after the orders whose time has come: starts again what no container took, and ends what a container does not end. What to do is
 * said by `sweepRules.ts`.
 *
 * Reads `TABLE`, `CLUSTER`, `METRICS_NAMESPACE` and what {@link starterOf} reads. To be invoked every minute; two at once do all but once.
 */
export function sweepOrdersFactory(way: Way) {
    const env = readEnv({ TABLE: v.string(), CLUSTER: v.string(), METRICS_NAMESPACE: v.string() });
    const client = new ecs.ECSClient({ requestHandler: { connectionTimeout: 2_000 } });
    const parts: Omit<Parts, "sweepId"> = {
        ...{ table: orderTable(env.TABLE), starter: starterOf(way), way },
        async stopTask(task) {
            await client.send(new ecs.StopTaskCommand({ cluster: env.CLUSTER, task, reason: HANGS }), {
                abortSignal: AbortSignal.timeout(STOP_MS),
            });
        },
    };
    const metrics = { namespace: env.METRICS_NAMESPACE, service: "OrderService" };
    return async (
        _event: unknown,
        { awsRequestId, getRemainingTimeInMillis }: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">,
    ): Promise<SweepReport> => {
        const { faults, ...report } = await sweep(
            { ...parts, sweepId: crypto.randomUUID() },
            () => getRemainingTimeInMillis() > RESERVE_MS,
        );
        console.info({ requestId: awsRequestId, ...report, faults });
        if (report.started > 0 || report.failed > 0) {
            count(metrics, { OrdersStartedAgain: report.started, OrdersFailed: report.failed }, { id: awsRequestId });
        }
        if (faults > 0) {
            throw new Error(`${faults} order(s) could not be brought further; see the log lines of this invocation`);
        }
        return report;
    };
}

interface Parts {
    readonly table: OrderTable;
    readonly starter: Starter;
    readonly way: Way;
    /** Tells this sweep's starts from those of another one at the same time. */
    readonly sweepId: string;
    readonly stopTask: (arn: string) => Promise<void>;
}

/** Orders of one page, which are done at once. */
const PAGE = 20;

/** What is left, in milliseconds, when no further page is begun: a read and a write of the table at their slowest, and a start. */
const RESERVE_MS = 30_000;

/** How long ECS has to stop a task. */
const STOP_MS = 5_000;

async function sweep(parts: Parts, timeLeft: () => boolean): Promise<SweepReport & { readonly faults: number }> {
    const counts = { started: 0, notStarted: 0, failed: 0, stopped: 0, faults: 0 };
    const by = new Date();
    // Another one is first each time, so that none waits for ever when time is short.
    const first = Math.floor(Math.random() * SHARDS.length);
    for (const shard of [...SHARDS.slice(first), ...SHARDS.slice(0, first)]) {
        let after: Item | undefined;
        do {
            if (!timeLeft()) {
                return counts;
            }
            const page = await dueOrders(parts.table, { shard, by, after, limit: PAGE });
            const outcomes = await Promise.all(page.orders.map((order) => guarded(order, parts)));
            for (const outcome of outcomes.flat()) counts[outcome]++;
            after = page.next;
        } while (after);
    }
    return counts;
}

type Outcome = keyof SweepReport | "faults";

/** One order's fault keeps no other from its end. */
async function guarded(order: DueOrder, parts: Parts): Promise<Outcome[]> {
    try {
        return await settle(order, parts);
    } catch (error) {
        const { orderId, requestId } = order;
        console.error({ requestId, order: orderId, error: { name: (error as Error).name } });
        return ["faults"];
    }
}

/** Changes the order only if it is as the index tells: who else changed it looks after it. */
async function settle(order: DueOrder, { table, starter, way, sweepId, stopTask }: Parts): Promise<Outcome[]> {
    const action = sweepRule(order.status, order.attempt, way)?.action;
    if (!action) {
        return [];
    }
    const unchanged = {
        when: "#status = :status AND #command = :command AND #due_at = :due_at",
        values: { status: order.status, command: order.command, due_at: order.dueAt },
    };
    if (action.kind === "start") {
        const result = await changeOrder(table, order, {
            ...{ status: order.status, dueAt: startAgainAt(way), set: { sweep_id: sweepId }, count: ["attempt"] },
            ...unchanged,
            made: (found) => found.sweepId === sweepId,
        });
        if (!result.changed) {
            return [];
        }
        return [(await startCommand(starter, result.order)) ? "started" : "notStarted"];
    }
    const { changed } = await failOrder(table, order, action.reason, unchanged);
    if (!changed) {
        return [];
    }
    console.warn({ requestId: order.requestId, order: order.orderId, failed: action.reason });
    return ["failed", ...(action.stopTask && order.run ? await end(order.run, stopTask) : [])];
}

/**
 * Ends a task. A worker has other orders, too: they fail by the event of its end, which beats that one after another waits for what hangs.
 *
 * The order is at its end by now, so nobody comes back to a task that could not be stopped, unless the alarm calls somebody.
 */
async function end(task: string, stopTask: Parts["stopTask"]): Promise<Outcome[]> {
    try {
        await stopTask(task);
        return ["stopped"];
    } catch (error) {
        const { name } = error as Error;
        if (name === TASK_IS_GONE) {
            return [];
        }
        console.error({ task, notStopped: name });
        return ["faults"];
    }
}

/** "The referenced task was not found": ECS forgets a task about an hour after its end. */
const TASK_IS_GONE = "InvalidParameterException";
