import * as v from "valibot";
import { uuidv7 } from "../../../handlers/shared/uuidv7";
import { answer, described, expectGatewayRefusal, expectStatus } from "../expect";
import { once } from "../once";
import { plainHttpCheck } from "../plainHttp";
import { send, until, type Reply } from "../send";
import type { Check, Context } from "../types";

/** The checks of OrderService. */
export function orderChecks(context: Context): Check[] {
    const { target } = context;
    const orders = orderCalls(`${target.urls.orders}/pedidos`);
    const order = once(async () => {
        const token = target.token();
        const key = `smoke-${uuidv7(Date.now())}`;
        const { order_id: id } = answer(await orders.create(token, key), 202, accepted());
        context.atEnd(() => remove(id, () => orders.remove(id, token)));
        return { id, again: answer(await orders.create(token, key), 202, accepted()).order_id };
    });
    const ended = once(async () => {
        const { id } = await order();
        return until<v.InferOutput<ReturnType<typeof representation>>>(
            `the end of order ${id}`,
            target.deployed ? 600 : 60,
            async () => {
                const seen = answer(await orders.read(id, target.token()), 200, representation());
                return FINAL.includes(seen.status) ? { seen } : { notYet: `it is ${seen.status}` };
            },
        );
    });
    const check = (title: string, run: () => Promise<void>): Check => ({ system: "orders", title, run });
    return [
        check("answers 401 without a token", async () => {
            expectGatewayRefusal(await orders.list(), 401, ["UnauthorizedException"]);
        }),
        check("answers 401 to a wrong token", async () => {
            expectGatewayRefusal(await orders.list("wrong-token-of-smoke"), 401, ["UnauthorizedException"]);
        }),
        check("accepts an order once, however often it comes", async () => {
            const { id, again } = await order();
            if (again !== id) {
                throw new Error(`One Idempotency-Key made two orders, ${id} and ${again}.`);
            }
        }),
        check("shows an order to nobody but its client", async () => {
            const { id } = await order();
            expectStatus(await orders.read(id, target.tokenOther()), 404);
        }),
        check("confirms an order with its total", async () => {
            const { order_id, status, total_cents, reason = "no reason given" } = await ended();
            if (status !== "confirmed" || total_cents !== TOTAL_CENTS) {
                throw new Error(
                    `Order ${order_id} is ${status} with a total of ${total_cents} (${reason}), where confirmed with ${TOTAL_CENTS} is agreed.`,
                );
            }
        }),
        check("lists an order", async () => {
            const { id } = await order();
            const page = v.object({ items: v.array(v.object({ order_id: v.string() })) });
            const { items } = answer(await orders.list(target.token()), 200, page);
            if (!items.some(({ order_id }) => order_id === id)) {
                throw new Error(`The newest ${items.length} orders lack ${id}, which was just made.`);
            }
        }),
        check("deletes an order", async () => {
            const { order_id: id } = await ended();
            expectStatus(await orders.remove(id, target.token()), 204);
            expectStatus(await orders.read(id, target.token()), 404);
        }),
        plainHttpCheck("orders", context),
    ];
}

function orderCalls(url: string) {
    const bearer = (token?: string): Record<string, string> =>
        token === undefined ? {} : { authorization: `Bearer ${token}` };
    return {
        create: (token: string, key: string) =>
            send({
                ...{ method: "POST", url, body: JSON.stringify(ORDER) },
                headers: { ...bearer(token), "content-type": "application/json", "idempotency-key": key },
            }),
        list: (token?: string) => send({ url: `${url}?limit=100`, headers: bearer(token) }),
        read: (id: string, token: string) => send({ url: `${url}/${id}`, headers: bearer(token) }),
        remove: (id: string, token: string) => send({ method: "DELETE", url: `${url}/${id}`, headers: bearer(token) }),
    };
}

/** @throws When the order is still there, with what is to be done. */
async function remove(id: string, send: () => Promise<Reply>): Promise<void> {
    try {
        await until(`the deletion of order ${id}`, 60, async () => {
            const reply = await send();
            const notYet = `${reply.of} answered ${described(reply)}`;
            if (![204, 404, 409].includes(reply.status)) {
                throw new Error(notYet);
            }
            return reply.status === 409 ? { notYet } : { seen: true };
        });
    } catch (error) {
        throw new Error(`order ${id}, to be deleted by hand: ${(error as Error).message}`, { cause: error });
    }
}

const ORDER = {
    customer_id: "smoke",
    items: [
        { sku: "tea", quantity: 2, unit_price_cents: 450 },
        { sku: "cup", quantity: 1, unit_price_cents: 50 },
    ],
    currency: "EUR",
    note: "made by npm run smoke",
};

const TOTAL_CENTS = 950;

const FINAL = ["confirmed", "rejected", "failed"];

function accepted() {
    return v.object({ order_id: v.string(), status: v.string() });
}

function representation() {
    return v.object({
        order_id: v.string(),
        status: v.string(),
        total_cents: v.nullable(v.number()),
        reason: v.optional(v.string()),
    });
}
