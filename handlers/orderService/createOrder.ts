import * as crypto from "node:crypto";
import * as v from "valibot";
import { validBody } from "../shared/body";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer, type HttpRequest } from "../shared/http";
import { refusal } from "../shared/refusal";
import { uuidv7 } from "../shared/uuidv7";
import { orderSchema, type OrderInput } from "./orderSchema";
import { accepted } from "./representation";
import { routeOf } from "./routes";
import type { Starter } from "./starting/command";
import { startAgainAt, startCommand, starterOf } from "./starting/starter";
import type { Way } from "./sweepRules";
import { claimKey } from "./table/claimKey";
import { insertOrder } from "./table/insertOrder";
import { orderTable, type OrderTable } from "./table/orderTable";

/** Answers `POST /pedidos`. Reads `TABLE`, `CORS_ORIGINS` and what {@link starterOf} reads. */
export function createOrderFactory(way: Way) {
    const env = readEnv({ TABLE: v.string(), CORS_ORIGINS: corsOriginsVariable() });
    const parts = { table: orderTable(env.TABLE), starter: starterOf(way), way };
    const schema = orderSchema();
    return httpHandler({
        routes: routeOf("POST", "/pedidos"),
        corsOrigins: env.CORS_ORIGINS,
        answers: { "POST /pedidos": (request) => createOrder(request, validBody(request, schema), parts) },
    });
}

interface Parts {
    readonly table: OrderTable;
    readonly starter: Starter;
    readonly way: Way;
}

/** The order is stored before anything is started: what is answered with 202 is not forgotten. */
async function createOrder(request: HttpRequest, input: OrderInput, { table, starter, way }: Parts): Promise<Answer> {
    const { id: requestId, client, path } = request;
    const orderId = await idOfOrder(request, input, table);
    const order = { client, orderId, input, requestId, dueAt: startAgainAt(way) };
    if (await insertOrder(table, order)) {
        await startCommand(starter, { ...order, command: 1, attempt: 1 });
    }
    return accepted(orderId, `${path.replace(/\/+$/, "")}/${orderId}`);
}

/** A new id, or the one that was given with the same `Idempotency-Key` before. */
async function idOfOrder(
    { header, client, id: requestId }: HttpRequest,
    input: OrderInput,
    table: OrderTable,
): Promise<string> {
    const orderId = uuidv7(Date.now());
    const key = header("idempotency-key");
    if (key === undefined) {
        return orderId;
    }
    if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
        const message = "must have 1 to 255 printable characters of ASCII";
        throw refusal(400, "INVALID_IDEMPOTENCY_KEY", `The Idempotency-Key ${message}`, {
            issues: [{ path: "Idempotency-Key", message }],
        });
    }
    const bodySha256 = crypto.createHash("sha256").update(JSON.stringify(input)).digest("hex");
    const claimed = await claimKey(table, { client, key, bodySha256, orderId, requestId });
    if (claimed === undefined) {
        throw refusal(422, "IDEMPOTENCY_CONFLICT", "The Idempotency-Key came with another order before");
    }
    return claimed;
}
