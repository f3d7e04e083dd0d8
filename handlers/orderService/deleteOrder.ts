import * as v from "valibot";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer, type HttpRequest } from "../shared/http";
import { beingProcessed, orderIdOf, unknownOrder } from "./representation";
import { routeOf } from "./routes";
import { deleteOrder } from "./table/deleteOrder";
import { orderTable, type OrderTable } from "./table/orderTable";

/** Answers `DELETE /pedidos/{id}`. Reads `TABLE` and `CORS_ORIGINS`. */
export function deleteOrderFactory() {
    const env = readEnv({ TABLE: v.string(), CORS_ORIGINS: corsOriginsVariable() });
    const table = orderTable(env.TABLE);
    return httpHandler({
        routes: routeOf("DELETE", "/pedidos/{id}"),
        corsOrigins: env.CORS_ORIGINS,
        answers: { "DELETE /pedidos/{id}": (request) => answerDelete(request, table) },
    });
}

async function answerDelete(request: HttpRequest, table: OrderTable): Promise<Answer> {
    const key = { client: request.client, orderId: orderIdOf(request) };
    const outcome = await deleteOrder(table, key, request.id);
    if (outcome === "unknown") {
        throw unknownOrder();
    }
    if (outcome === "processing") {
        throw beingProcessed();
    }
    return { status: 204, body: "" };
}
