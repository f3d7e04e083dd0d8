import { countBy, notOnce } from "./findings";
import { settle } from "./parallel";
import { sendOnce, sendPatiently } from "./send";
import { jsonOf } from "./tally";
import type { Finding, LoadContext, Sent, SystemLoad } from "./types";

/**
 * OrderService: each request orders under an `Idempotency-Key` of its own, which is also the order's note. A 202 promises that the order
 * reaches a final status, once: so it is asked for until it has one, and then looked for in the list of all orders, where a second order of
 * the same note and a change after the end show.
 */
export function ordersLoad(context: LoadContext): SystemLoad {
    const { target, run } = context;
    const url = `${target.outputs.orderServiceUrl}/pedidos`;
    const headers = { authorization: `Bearer ${target.token}`, "user-agent": "quartet-load" };
    const client = { ...context, url, headers };
    return {
        step: "POST /pedidos",
        repeats: true,
        request: (id) => ({
            method: "POST",
            url,
            headers: { ...headers, "content-type": "application/json", "idempotency-key": id },
            body: JSON.stringify({
                customer_id: "load",
                items: [{ sku: "tea", quantity: QUANTITY, unit_price_cents: CENTS }],
                currency: "EUR",
                note: noteOf(run, id),
            }),
        }),
        async audit(sent) {
            const accepted = sent.filter(({ answer }) => answer?.status === 202);
            const ended = await untilEnded(accepted, client);
            const listed = await listOrders(client);
            const notes = listed.map(({ note }) => note.slice(noteOf(run, "").length));
            return {
                accepted: accepted.length,
                findings: [
                    ...accepted.flatMap((each) => endFinding(each, ended.get(each.id), context.settleSeconds)),
                    ...notOnce(sent, 202, notes, "in the list of orders"),
                    ...listed.flatMap((order) => changeFinding(order, ended)),
                ],
                ends: countBy([...ended.values()].map(({ status }) => status).sort()),
            };
        },
    };
}

const QUANTITY = 2;
const CENTS = 450;

function noteOf(run: string, id: string): string {
    return `load ${run} ${id}`;
}

interface Order {
    readonly order_id: string;
    readonly status: string;
    readonly total_cents: number | null;
    readonly reason?: string;
    readonly note: string;
    readonly version: number;
    readonly created_at: string;
}

interface Client extends LoadContext {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
}

/** The orders that reached a final status, by the id of their request. */
async function untilEnded(accepted: readonly Sent[], client: Client): Promise<Map<string, Order>> {
    const { url, headers, tally, settleSeconds: seconds, connections: atOnce } = client;
    const ended = new Map<string, Order>();
    const look = async ({ id, answer }: Sent) => {
        const orderId = String(jsonOf(answer!.body)?.order_id);
        const request = { method: "GET", url: `${url}/${orderId}`, headers } as const;
        const seen = await sendOnce("GET /pedidos/{id}", request, tally);
        const order = seen?.status === 200 ? (jsonOf(seen.body) as unknown as Order) : undefined;
        if (order && FINAL.includes(order.status)) {
            ended.set(id, order);
        }
        return ended.has(id) || seen?.status === 404;
    };
    await settle(accepted, look, { seconds, atOnce });
    return ended;
}

const FINAL = ["confirmed", "rejected", "failed"];

/** All orders of this load, from the newest on. @throws When the list can't be read. */
async function listOrders({ url, headers, tally, run, begun }: Client): Promise<Order[]> {
    const found: Order[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
        const query = new URLSearchParams({ limit: "100", ...(cursor ? { cursor } : {}) });
        const answer = await sendPatiently("GET /pedidos", { method: "GET", url: `${url}?${query}`, headers }, tally);
        if (answer?.status !== 200) {
            throw new Error(`GET /pedidos answered ${answer?.status ?? "nothing"}`);
        }
        const page = jsonOf(answer.body) as unknown as { items: Order[]; next_cursor: string | null };
        found.push(...page.items.filter(({ note }) => note?.startsWith(noteOf(run, ""))));
        const older = page.items.some(({ created_at }) => Date.parse(created_at) < begun - SKEW_MS);
        cursor = older ? null : page.next_cursor;
    }
    return found;
}

/** Clocks may differ by so much. */
const SKEW_MS = 60_000;

function endFinding({ id }: Sent, order: Order | undefined, seconds: number): Finding[] {
    if (!order) {
        return [{ kind: "missing", id, seen: `unknown, or no final status after ${seconds} s without any progress` }];
    }
    const { status, total_cents, reason } = order;
    if (status === "confirmed" ? total_cents === QUANTITY * CENTS : status === "failed" && reason) {
        return [];
    }
    return [{ kind: "wrong", id, seen: `${status} with total ${total_cents}: ${reason ?? "no reason"}` }];
}

/** A second end is a change after the first. */
function changeFinding({ order_id, status, version, note }: Order, ended: ReadonlyMap<string, Order>): Finding[] {
    const id = note.slice(note.lastIndexOf(" ") + 1);
    const before = ended.get(id);
    if (before?.order_id !== order_id || version <= before.version) {
        return [];
    }
    return [{ kind: "doubled", id, seen: `${before.status}, and then ${status}` }];
}
