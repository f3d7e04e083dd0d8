/**
 * The table's keys and indexes: the component declares them, the handlers read and write by them.
 *
 * An order lies under its client, sorted by its id, a UUID of version 7: one query lists a client's orders newest first. Beside orders,
 * under owners that no client can be (a client's id has no `#`), lie idempotency keys and what signs cursors.
 */
export const ORDER_TABLE = {
    hashKey: "owner",
    rangeKey: "id",
    /** Time of deletion, in seconds since 1970. */
    expiry: "expires_at",
    indexes: {
        /** A client's orders of one status. Keys alone: what is listed is read from the table, where it is never stale. */
        byStatus: { name: "by_status", hashKey: "owner_status", rangeKey: "id" },
        /** Orders that somebody has to look at by a time; those at an end are not in it. In shards, since all clients' orders come together. */
        byDue: {
            ...{ name: "by_due", hashKey: "due_shard", rangeKey: "due_at" },
            /** What has to be known of them, besides keys. */
            attributes: ["status", "command", "attempt", "run", "request_id"],
        },
    },
} as const;

/** How many shards the index by due time has: each takes 1 000 writes/s, and an order is written there three times. */
export const DUE_SHARDS = 16;

/** The shard of an order. The last digits of its id are random. */
export function dueShard(orderId: string): string {
    return String(parseInt(orderId.slice(-4), 16) % DUE_SHARDS);
}

/** Under what idempotency keys of a client lie. */
export function keyOwner(client: string): string {
    return `key#${client}`;
}

/** Under what the stack's own secrets lie. */
export const SECRETS_OWNER = "#secrets";
