import * as v from "valibot";
import { validBody } from "../shared/body";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer, type HttpRequest } from "../shared/http";
import { refusal, type Refusal } from "../shared/refusal";
import { ifMatch, type Precondition } from "./ifMatch";
import { orderSchema, type OrderInput } from "./orderSchema";
import { accepted, beingProcessed, orderIdOf, unknownOrder } from "./representation";
import { routeOf } from "./routes";
import type { Starter } from "./starting/command";
import { startAgainAt, startCommand, starterOf } from "./starting/starter";
import type { Way } from "./sweepRules";
import { changeOrder } from "./table/changeOrder";
import { orderTable, type OrderTable, type StoredOrder } from "./table/orderTable";

/** Answers `PUT /pedidos/{id}`. Reads `TABLE`, `CORS_ORIGINS` and what {@link starterOf} reads. */
export function replaceOrderFactory(way: Way) {
    const env = readEnv({ TABLE: v.string(), CORS_ORIGINS: corsOriginsVariable() });
    const parts = { table: orderTable(env.TABLE), starter: starterOf(way), way };
    const schema = orderSchema();
    return httpHandler({
        routes: routeOf("PUT", "/pedidos/{id}"),
        corsOrigins: env.CORS_ORIGINS,
        answers: {
            "PUT /pedidos/{id}": (request) => {
                const precondition = ifMatch(request.header("if-match"));
                return replaceOrder(request, precondition, validBody(request, schema), parts);
            },
        },
    });
}

interface Parts {
    readonly table: OrderTable;
    readonly starter: Starter;
    readonly way: Way;
}

async function replaceOrder(
    request: HttpRequest,
    precondition: Precondition,
    input: OrderInput,
    { table, starter, way }: Parts,
): Promise<Answer> {
    const { id: requestId, client, path } = request;
    const orderId = orderIdOf(request);
    const result = await changeOrder(
        table,
        { client, orderId },
        {
            status: "pending",
            dueAt: startAgainAt(way),
            set: {
                ...{ input: JSON.stringify(input), request_id: requestId, attempt: 1 },
                ...{ reason: undefined, total_cents: undefined, run: undefined },
            },
            count: ["command"],
            when: precondition.when,
            values: precondition.values,
            made: (order) => order.requestId === requestId,
        },
    );
    if (!result.changed) {
        throw notReplaced(result.order);
    }
    await startCommand(starter, result.order);
    return accepted(orderId, path.replace(/[^/]+\/*$/, orderId));
}

/** What would be refused without `If-Match`, too, is refused for that reason first. Source: RFC 9110, section 13.2.1. */
function notReplaced(order: StoredOrder | undefined): Refusal {
    if (order === undefined) {
        return unknownOrder();
    }
    return order.status === "processing"
        ? beingProcessed()
        : refusal(412, "VERSION_MISMATCH", "The order has another version than If-Match says; read it again");
}
