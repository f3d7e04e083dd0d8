import { eventually } from "./eventually";
import { send, type Reply, type Stack } from "./stack";

/** A client of OrderService. */
export interface OrderClient {
    /** `POST /pedidos`. */
    create(order?: object, headers?: Record<string, string>): Promise<Reply>;
    /** Creates an order, and answers its id. @throws When it is not accepted. */
    accepted(order?: object): Promise<string>;
    read(orderId: string): Promise<Reply>;
    list(query?: Record<string, string>): Promise<Reply>;
    /** `PUT`; without `ifMatch` the header is left out. */
    replace(orderId: string, order: object, ifMatch?: string): Promise<Reply>;
    remove(orderId: string): Promise<Reply>;
    /** Asks until the order is at an end, and answers it. */
    ended(orderId: string, seconds?: number): Promise<Order>;
    /** Asks until the order has a status, and answers it. */
    until(orderId: string, status: string): Promise<Order>;
    /** All the client's orders, page by page. */
    all(): Promise<Order[]>;
}

/** As `GET /pedidos/{id}` tells it. */
export interface Order {
    readonly order_id: string;
    readonly status: string;
    readonly reason?: string;
    readonly total_cents: number | null;
    readonly version: number;
    readonly note?: string;
}

/** An order of 950 cents. */
export const TEA = {
    customer_id: "c-1",
    items: [
        { sku: "tea", quantity: 2, unit_price_cents: 450 },
        { sku: "cup", quantity: 1, unit_price_cents: 50 },
    ],
    currency: "EUR",
};

export const FINAL = ["confirmed", "rejected", "failed"];

/** A client with a token. */
export function orderClient({ orderServiceUrl, localToken }: Stack, token = localToken): OrderClient {
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
        send(`${orderServiceUrl}/pedidos${path}`, {
            method,
            headers: {
                authorization: `Bearer ${token}`,
                ...(body ? { "content-type": "application/json" } : {}),
                ...headers,
            },
            body: body && JSON.stringify(body),
        });
    const client: OrderClient = {
        create: (order = TEA, headers) => call("POST", "", headers, order),
        async accepted(order) {
            const { status, json, text } = await client.create(order);
            if (status !== 202) throw new Error(`POST /pedidos answered ${status}: ${text}`);
            return (json as Order).order_id;
        },
        read: (orderId) => call("GET", `/${orderId}`),
        list: (query = {}) => call("GET", `?${new URLSearchParams(query)}`),
        replace: (orderId, order, ifMatch) =>
            call("PUT", `/${orderId}`, ifMatch === undefined ? {} : { "if-match": ifMatch }, order),
        remove: (orderId) => call("DELETE", `/${orderId}`),
        ended: (orderId, seconds) => become(orderId, FINAL, seconds),
        until: (orderId, status) => become(orderId, [status]),
        async all() {
            const found: Order[] = [];
            let cursor: string | null | undefined;
            while (cursor !== null) {
                const { json } = await client.list({ limit: "100", ...(cursor ? { cursor } : {}) });
                found.push(...json.items);
                cursor = json.next_cursor as string | null;
            }
            return found;
        },
    };
    const become = (orderId: string, statuses: readonly string[], seconds?: number) =>
        eventually(
            `the order is ${statuses.join(" or ")}`,
            async () => {
                const { status, json, text } = await client.read(orderId);
                if (status !== 200) throw new Error(`GET /pedidos/${orderId} answered ${status}: ${text}`);
                return statuses.includes((json as Order).status) && (json as Order);
            },
            seconds,
        );
    return client;
}
