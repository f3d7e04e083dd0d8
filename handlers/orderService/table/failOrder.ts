import { changeOrder, type Changed, type OrderChange } from "./changeOrder";
import type { OrderKey, OrderTable } from "./orderTable";

/** Makes an order fail whose container cannot say so itself, if it still is as the caller believes. */
export function failOrder(
    table: OrderTable,
    key: OrderKey,
    reason: string,
    { when, values }: Pick<OrderChange, "when" | "values">,
): Promise<Changed> {
    return changeOrder(table, key, { status: "failed", set: { reason }, when, values });
}
