import * as crypto from "node:crypto";
import * as v from "valibot";
import { jsonVariable } from "./env";

/** `CLIENTS`: the SHA-256 digests of each client's live tokens, in hex, by client id. */
export function clientsVariable() {
    return jsonVariable(
        v.record(
            v.string(),
            v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must hold SHA-256 digests in hex"))),
        ),
    );
}

/**
 * Makes the function that tells whose token it is, or `undefined` for nobody's.
 *
 * It compares with every digest in constant time, so the time it takes says nothing about a token, nor about whose it is.
 */
export function tokenOwner(
    clients: Readonly<Record<string, readonly string[]>>,
): (token: string | undefined) => string | undefined {
    const known = Object.entries(clients).flatMap(([client, digests]) =>
        digests.map((digest) => ({ client, digest: Buffer.from(digest, "hex") })),
    );
    return (token = "") => {
        const given = crypto.createHash("sha256").update(token).digest();
        let owner: string | undefined;
        for (const { client, digest } of known) {
            if (crypto.timingSafeEqual(digest, given)) {
                owner = client;
            }
        }
        return owner;
    };
}
