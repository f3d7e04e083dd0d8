import * as v from "valibot";
import { text } from "../shared/schemas";
import { CURRENCIES } from "./currencies";

/** One line of an order. */
export interface OrderItem {
    readonly sku: string;
    readonly quantity: number;
    /** In the smallest unit of the currency. */
    readonly unit_price_cents: number;
}

/** What a client orders. */
export interface OrderInput {
    readonly customer_id: string;
    readonly items: readonly OrderItem[];
    /** ISO 4217. */
    readonly currency: string;
    readonly note?: string;
}

/**
 * Schema of the body of `POST /pedidos` and `PUT /pedidos/{id}`: what can be seen without any rule of business. Those, such as a total
 * over the limit, are the container's, whose answer is the order's status.
 */
export function orderSchema() {
    return v.object({
        customer_id: text(1, 64),
        items: v.pipe(
            v.array(itemSchema(), "must be an array of 1 to 100 items"),
            v.minLength(1, "must be an array of 1 to 100 items"),
            v.maxLength(100, "must be an array of 1 to 100 items"),
        ),
        currency: v.picklist(CURRENCIES, "must be a code of ISO 4217, such as EUR"),
        note: v.optional(text(0, 1000)),
    });
}

function itemSchema() {
    return v.object({
        sku: text(1, 64),
        quantity: wholeNumber(1, 10_000, "must be a whole number from 1 to 10000"),
        unit_price_cents: wholeNumber(
            0,
            Number.MAX_SAFE_INTEGER,
            `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
        ),
    });
}

function wholeNumber(least: number, most: number, message: string) {
    return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
}
