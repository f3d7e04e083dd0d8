import * as v from "valibot";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer, type HttpRequest } from "../shared/http";
import { orderIdOf, representation, unknownOrder } from "./representation";
import { orderServiceRoutes, routeOf } from "./routes";
import { orderTable, type OrderTable } from "./table/orderTable";
import { readOrder } from "./table/readOrder";

/**
 * Answers `GET /pedidos/{id}` and `GET /openapi.json`. Reads `TABLE` and `CORS_ORIGINS`.
 *
 * @param openapi Text of the API's description.
 */
export function getOrderFactory(openapi: string) {
    const env = readEnv({ TABLE: v.string(), CORS_ORIGINS: corsOriginsVariable() });
    const table = orderTable(env.TABLE);
    return httpHandler({
        routes: [...routeOf("GET", "/pedidos/{id}"), ...routeOf("GET", "/openapi.json")],
        preflights: orderServiceRoutes(),
        corsOrigins: env.CORS_ORIGINS,
        answers: {
            "GET /pedidos/{id}": (request) => getOrder(request, table),
            "GET /openapi.json": () => ({ status: 200, body: openapi }),
        },
    });
}

async function getOrder(request: HttpRequest, table: OrderTable): Promise<Answer> {
    const order = await readOrder(table, { client: request.client, orderId: orderIdOf(request) });
    if (!order) {
        throw unknownOrder();
    }
    return { status: 200, body: representation(order), headers: { etag: `"${order.version}"` } };
}
