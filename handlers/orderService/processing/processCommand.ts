import { checkOrder } from "../checkOrder";
import type { Command } from "../starting/command";
import { RUN_SECONDS } from "../sweepRules";
import { finishOrder } from "../table/finishOrder";
import type { OrderTable } from "../table/orderTable";
import { takeOrder, type Taking } from "../table/takeOrder";

/** What a container processes commands with. */
export interface Processing {
    readonly table: OrderTable;
    /** ARN of the task that this is. */
    readonly run: string;
    /** Largest total that an order may have. */
    readonly mostCents: number;
    /** Takes a line of the log. */
    readonly log: (line: object) => void;
    /**
     * Seconds that one command may take.
     *
     * @default RUN_SECONDS
     */
    readonly seconds?: number;
}

/**
 * Processes a command, and logs what came of it. What is not the order's newest command, or was taken by another task, or is at its end,
 * changes nothing, and counts as done.
 *
 * @returns Whether it is done; if not, a later try may do it.
 */
export async function tryCommand(command: Command, processing: Processing): Promise<boolean> {
    const started = performance.now();
    const { requestId, orderId: order } = command;
    const ms = () => Math.round(performance.now() - started);
    try {
        processing.log({ requestId, order, ...(await inTime(command, processing)), ms: ms() });
        return true;
    } catch (error) {
        // Messages may hold what an order does.
        processing.log({ requestId, order, error: { name: (error as Error).name }, ms: ms() });
        return false;
    }
}

type Outcome = { readonly status: string } | { readonly skipped: string };

/** Makes the order fail that takes too long, if the table lets it. */
async function inTime(command: Command, processing: Processing): Promise<Outcome> {
    const { table, run, mostCents, seconds = RUN_SECONDS } = processing;
    const taking = { client: command.client, orderId: command.orderId, command: command.command, run };
    const outcome = await within(seconds, carryOut(taking, table, mostCents));
    if (outcome === undefined) {
        await finishOrder(table, taking, {
            status: "failed",
            reason: `The order took longer than ${seconds} seconds`,
        });
        throw named("TookTooLong");
    }
    return outcome;
}

/** The result of some work; `undefined` when it takes longer. */
async function within<T>(seconds: number, work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), seconds * 1000);
    });
    try {
        return await Promise.race([work, tooLong]);
    } finally {
        clearTimeout(timer);
    }
}

async function carryOut(taking: Taking, table: OrderTable, mostCents: number): Promise<Outcome> {
    const taken = await takeOrder(table, taking);
    if (!taken.changed) {
        return { skipped: taken.order?.status ?? "deleted" };
    }
    const result = checkOrder(taken.order.input, mostCents);
    const { changed } = await finishOrder(table, taking, result);
    if (!changed) {
        throw named("GivenUpBefore");
    }
    return { status: result.status };
}

function named(name: string): Error {
    return Object.assign(new Error(name), { name });
}
