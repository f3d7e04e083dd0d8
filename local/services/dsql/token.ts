import type { CredentialStore } from "../../gateway/credentials";
import type { Principal } from "../../iam/types";
import { readSignature } from "../../sigv4/signature";
import { EMPTY_HASH } from "../../sigv4/signing";
import { verify } from "../../sigv4/verify";

/** What a token, which is the password of a database, proves. */
export interface DatabaseToken {
    readonly principal: Principal;
    readonly action: "dsql:DbConnect" | "dsql:DbConnectAdmin";
}

/**
 * Verifies a token: a presigned URL of the service `dsql` without its scheme.
 *
 * @param hosts Names that the cluster goes by.
 * @param now In milliseconds since 1970.
 * @throws When it is no token, is for another cluster, has expired, or its signature or credentials are wrong.
 */
export function verifyToken(
    token: string,
    hosts: readonly string[],
    credentials: Pick<CredentialStore, "find">,
    now: number,
): DatabaseToken {
    const [, host, query] = /^([^/?]+)\/?\?(.+)$/.exec(token) ?? [];
    if (!host || !hosts.includes(host)) {
        throw new Error("The password is no token for this cluster");
    }
    const request = { method: "GET", url: `/?${query}`, headers: new Map([["host", host]]) };
    const signature = readSignature(request);
    if (signature?.service !== "dsql" || signature.expires === undefined) {
        throw new Error("The token is not signed for dsql");
    }
    const { principal } = verify(request, signature, credentials, { now, payloadHash: EMPTY_HASH });
    const action = new URLSearchParams(query).get("Action");
    if (action !== "DbConnect" && action !== "DbConnectAdmin") {
        throw new Error("The token is for another action");
    }
    return { principal, action: `dsql:${action}` };
}
