/** What an order's status may be. */
export type OrderStatus = "pending" | "processing" | "confirmed" | "rejected" | "failed";

/**
 * The steps that an order's status may take: from each status, those that may follow. A new command, by `PUT`, begins anew from a status at
 * an end. All that changes, refuses or describes a status reads this table.
 */
export const ORDER_STEPS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
    /** The command is stored; no container has taken it yet. */
    pending: ["processing", "failed"],
    /** A container has taken the command. */
    processing: ["confirmed", "rejected", "failed"],
    /** Final: the order is good, and its total computed. */
    confirmed: ["pending"],
    /** Final: the order breaks a rule, which the reason names. */
    rejected: ["pending"],
    /** Final: the command could not be carried out, and the reason says why. */
    failed: ["pending"],
};

/** All statuses. */
export const ORDER_STATUSES = Object.keys(ORDER_STEPS) as OrderStatus[];

/** Whether a status may follow another. */
export function isOrderStep(from: OrderStatus, to: OrderStatus): boolean {
    return ORDER_STEPS[from].includes(to);
}
