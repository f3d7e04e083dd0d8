import type { Verdict } from "../checkOrder";
import { changeOrder, type Changed } from "./changeOrder";
import type { OrderTable } from "./orderTable";
import type { Taking } from "./takeOrder";

/** How a command ended. */
export type Result = Verdict | { readonly status: "failed"; readonly reason: string };

/** Saves how a command ended, for the one who has it. */
export function finishOrder(table: OrderTable, { command, run, ...key }: Taking, result: Result): Promise<Changed> {
    return changeOrder(table, key, {
        status: result.status,
        set: {
            reason: "reason" in result ? result.reason : undefined,
            total_cents: "total_cents" in result ? result.total_cents : undefined,
        },
        when: "#command = :command AND #status = :processing AND #run = :run",
        values: { command, run, processing: "processing" },
        made: (order) => order.command === command && order.run === run && order.status === result.status,
    });
}
