import { inSeconds, LOST_SECONDS } from "../sweepRules";
import { changeOrder, type Changed } from "./changeOrder";
import type { OrderKey, OrderTable } from "./orderTable";

/** Who takes which command of an order. */
export interface Taking extends OrderKey {
    readonly command: number;
    /** ARN of the task. */
    readonly run: string;
}

/** Takes a command, which nobody else then can; the one who has it may take it again. */
export function takeOrder(table: OrderTable, { command, run, ...key }: Taking): Promise<Changed> {
    return changeOrder(table, key, {
        status: "processing",
        dueAt: inSeconds(LOST_SECONDS),
        set: { run },
        when: "#command = :command AND (#status = :pending OR (#status = :processing AND #run = :run))",
        values: { command, run, pending: "pending", processing: "processing" },
    });
}
