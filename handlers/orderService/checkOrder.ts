import type { OrderInput } from "./orderSchema";

/** What the rules of business say of an order. */
export type Verdict =
    | { readonly status: "confirmed"; readonly total_cents: number }
    | { readonly status: "rejected"; readonly reason: string };

/**
 * Checks an order and computes its total, exactly: a sum beyond what numbers hold is computed all the same, and is over any limit.
 *
 * @param mostCents Largest total, at most 2^53 - 1.
 */
export function checkOrder({ items }: OrderInput, mostCents: number): Verdict {
    const skus = items.map(({ sku }) => sku);
    const repeated = new Set(skus.filter((sku, index) => skus.indexOf(sku) !== index));
    if (repeated.size > 0) {
        return { status: "rejected", reason: `Items ${[...repeated].join(", ")} stand in the order more than once` };
    }
    const total = items.reduce(
        (sum, { quantity, unit_price_cents }) => sum + BigInt(quantity) * BigInt(unit_price_cents),
        0n,
    );
    return total > BigInt(mostCents)
        ? { status: "rejected", reason: `The total is over the limit of ${mostCents}` }
        : { status: "confirmed", total_cents: Number(total) };
}
