import * as crypto from "node:crypto";
import * as jwtVerify from "aws-jwt-verify";
import * as jwtErrors from "aws-jwt-verify/error";
import * as v from "valibot";
import { bearerAuthorizer } from "./bearer";
import { clientsVariable, tokenOwner } from "./clients";
import { readEnv } from "./env";
import type { Route } from "./route";

/**
 * Authorizer of an API whose callers have tokens of the stack's clients, or JWTs of one OpenID Connect issuer.
 *
 * Reads `CLIENTS`, `ISSUER` (what the claim `iss` must be), `AUDIENCE` (the same for `aud`) and `JWKS_URI`, where the issuer's keys are
 * fetched: once, and again when a key is not among them.
 *
 * @param routes The routes that callers are let in to.
 */
export function authorizeJwtsFactory(routes: readonly Pick<Route, "method" | "path">[]) {
    const env = readEnv({ CLIENTS: clientsVariable(), ISSUER: v.string(), AUDIENCE: v.string(), JWKS_URI: v.string() });
    const ownerOf = tokenOwner(env.CLIENTS);
    const verifier = jwtVerify.JwtVerifier.create({
        issuer: env.ISSUER,
        audience: env.AUDIENCE,
        jwksUri: env.JWKS_URI,
    });
    return bearerAuthorizer(routes, async (token) => ownerOf(token) ?? (await subjectOf(verifier, token)));
}

/** `undefined` for what is no valid JWT. That the issuer does not answer with keys is no fault of the caller's, and thrown. */
async function subjectOf(
    verifier: { verify(token: string): Promise<{ sub?: string; exp?: number }> },
    token: string,
): Promise<string | undefined> {
    try {
        const { sub, exp } = await verifier.verify(token);
        // Without an end, a token that got lost would let in for ever.
        return sub === undefined || exp === undefined ? undefined : clientOf(sub);
    } catch (error) {
        const ofIssuer = [jwtErrors.FetchError, jwtErrors.JwksValidationError, jwtErrors.JwkValidationError];
        if (ofIssuer.some((kind) => error instanceof kind)) {
            throw error;
        }
        return undefined;
    }
}

/** A client id stands in object keys, and is of few characters; a subject may be anything. No configured client may begin so. */
function clientOf(subject: string): string {
    return `oidc-${crypto.createHash("sha256").update(subject).digest("base64url").slice(0, 32)}`;
}
