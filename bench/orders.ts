/**
 * Orders one thing after the other, and measures how long each takes from its storing until its container has confirmed it: the start of a
 * task, most of all.
 *
 * @returns The median, in milliseconds.
 */
export async function orderMs(url: string, token: string, times = 5): Promise<number> {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = JSON.stringify({
        customer_id: "bench",
        items: [{ sku: "tea", quantity: 2, unit_price_cents: 450 }],
        currency: "EUR",
    });
    const all: number[] = [];
    // The first one also starts functions.
    for (let time = 0; time <= times; time++) {
        const created = await fetch(`${url}/pedidos`, { method: "POST", headers, body });
        const { order_id } = (await created.json()) as { order_id: string };
        all.push(await confirmedAfter(`${url}/pedidos/${order_id}`, headers));
    }
    return all.slice(1).sort((a, b) => a - b)[Math.floor(times / 2)];
}

async function confirmedAfter(url: string, headers: Record<string, string>): Promise<number> {
    const giveUp = Date.now() + 30_000;
    while (Date.now() < giveUp) {
        const order = (await (await fetch(url, { headers })).json()) as Record<string, string>;
        if (order.status === "confirmed") {
            return Date.parse(order.updated_at) - Date.parse(order.created_at);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error("an order was not confirmed within 30 s");
}
