import * as crypto from "node:crypto";
import type { Principal } from "../iam/types";

/** Temporary credentials, in the terms of STS. */
export interface IssuedCredentials {
    /** `ASIA…` */
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
}

/** What an access key and its session token stand for. */
export type FoundCredentials =
    | { readonly status: "valid"; readonly principal: Principal; readonly secretAccessKey: string }
    /** No such key, or a temporary key without its token. */
    | { readonly status: "unknown" }
    /** A token that is not this key's. */
    | { readonly status: "wrongToken" }
    | { readonly status: "expired" };

/** The access keys of this machine. `refusalsOf(service)` of local/sigv4/refusals.ts words a refusal as the service does. */
export interface CredentialStore {
    issue(principal: Principal, options: { readonly durationSeconds: number }): IssuedCredentials;
    /** Makes a key known that has no session token and does not expire. */
    addLongTerm(principal: Principal, key: { readonly accessKeyId: string; readonly secretAccessKey: string }): void;
    /** @param now Milliseconds since 1970. */
    find(accessKeyId: string, sessionToken: string | undefined, now: number): FoundCredentials;
}

/** Makes an empty store. */
export function createCredentials(): CredentialStore {
    const keys = new Map<string, Key>();
    return {
        issue(principal, { durationSeconds }) {
            forgetOld(keys);
            const accessKeyId = `ASIA${base32(16)}`;
            const secretAccessKey = crypto.randomBytes(30).toString("base64");
            const sessionToken = crypto.randomBytes(96).toString("base64");
            const expires = Date.now() + durationSeconds * 1000;
            keys.set(accessKeyId, { principal, secretAccessKey, session: { token: sessionToken, expires } });
            return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expires) };
        },
        addLongTerm(principal, { accessKeyId, secretAccessKey }) {
            keys.set(accessKeyId, { principal, secretAccessKey });
        },
        find(accessKeyId, sessionToken, now) {
            const key = keys.get(accessKeyId);
            if (!key || (key.session && sessionToken === undefined)) {
                return { status: "unknown" };
            }
            if (sessionToken !== undefined && !(key.session && sameText(key.session.token, sessionToken))) {
                return { status: "wrongToken" };
            }
            if (key.session && now >= key.session.expires) {
                return { status: "expired" };
            }
            return { status: "valid", principal: key.principal, secretAccessKey: key.secretAccessKey };
        },
    };
}

interface Key {
    readonly principal: Principal;
    readonly secretAccessKey: string;
    /** `expires` in milliseconds since 1970. */
    readonly session?: { readonly token: string; readonly expires: number };
}

/** From this many keys on, those that expired are looked for. */
const MANY_KEYS = 1000;

/** How long an expired key still answers `ExpiredToken`, in milliseconds. */
const REMEMBERED = 3_600_000;

function forgetOld(keys: Map<string, Key>): void {
    if (keys.size < MANY_KEYS) {
        return;
    }
    const oldest = Date.now() - REMEMBERED;
    for (const [id, { session }] of keys) {
        if (session && session.expires < oldest) {
            keys.delete(id);
        }
    }
}

function base32(length: number): string {
    return Array.from(crypto.randomBytes(length), (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte & 31]).join("");
}

function sameText(one: string, other: string): boolean {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    return a.length === b.length && crypto.timingSafeEqual(a, b);
}
