import * as v from "valibot";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer } from "../shared/http";
import { validated } from "../shared/issues";
import { refusal } from "../shared/refusal";
import { readCursor, writeCursor } from "./cursor";
import { representation } from "./representation";
import { listSchema, orderServiceRoutes, routeOf } from "./routes";
import { cursorSecret } from "./table/cursorSecret";
import { listOrders } from "./table/listOrders";
import { orderTable, type OrderTable } from "./table/orderTable";

/** Answers `GET /pedidos`. Reads `TABLE` and `CORS_ORIGINS`. */
export function listOrdersFactory() {
    const env = readEnv({ TABLE: v.string(), CORS_ORIGINS: corsOriginsVariable() });
    const table = orderTable(env.TABLE);
    const secret = cursorSecret(table);
    const schema = listSchema();
    return httpHandler({
        routes: routeOf("GET", "/pedidos"),
        preflights: orderServiceRoutes(),
        corsOrigins: env.CORS_ORIGINS,
        answers: {
            "GET /pedidos": ({ client, query }) => answerList(client, validated(schema, query), table, secret),
        },
    });
}

async function answerList(
    client: string,
    { limit, cursor, status }: v.InferOutput<ReturnType<typeof listSchema>>,
    table: OrderTable,
    secret: () => Promise<Buffer>,
): Promise<Answer> {
    const scope = { client, status };
    const before = cursor === undefined ? undefined : readCursor(cursor, scope, await secret());
    if (cursor !== undefined && before === undefined) {
        throw refusal(400, "INVALID_CURSOR", "The cursor is not one that this list gave", {
            issues: [{ path: "cursor", message: "must be a next_cursor of the same list" }],
        });
    }
    const { orders, next } = await listOrders(table, { ...scope, limit: Number(limit), before });
    return {
        status: 200,
        body: {
            items: orders.map(representation),
            next_cursor: next === undefined ? null : writeCursor(next, scope, await secret()),
        },
    };
}
