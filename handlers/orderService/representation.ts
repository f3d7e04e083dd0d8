import type { Answer, HttpRequest } from "../shared/http";
import { refusal } from "../shared/refusal";
import type { StoredOrder } from "./table/orderTable";

/** An order as clients see it. */
export function representation({ orderId, input, status, reason, totalCents, ...order }: StoredOrder): object {
    const { customer_id, items, currency, note } = input;
    return {
        order_id: orderId,
        ...{ customer_id, items, currency, note },
        total_cents: totalCents ?? null,
        ...{ status, reason },
        version: order.version,
        created_at: order.createdAt,
        updated_at: order.updatedAt,
    };
}

/** The answer to a command that was stored. @param self Path of the order, with the stage. */
export function accepted(orderId: string, self: string): Answer {
    return {
        status: 202,
        body: { order_id: orderId, status: "pending", links: { self } },
        headers: { location: self, "retry-after": RETRY_AFTER_SECONDS },
    };
}

const RETRY_AFTER_SECONDS = "5";

/** The order id in a path. An id that is none is nobody's, too. @throws A refusal with status 404 */
export function orderIdOf({ parameters: { id } }: Pick<HttpRequest, "parameters">): string {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
        throw unknownOrder();
    }
    return id.toLowerCase();
}

export function unknownOrder() {
    return refusal(404, "NOT_FOUND", "There is no such order");
}

export function beingProcessed() {
    return refusal(409, "BEING_PROCESSED", "The order is being processed; try again when it is not", {
        headers: { "retry-after": RETRY_AFTER_SECONDS },
    });
}
