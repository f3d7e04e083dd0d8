import { bearerAuthorizer } from "./bearer";
import { clientsVariable, tokenOwner } from "./clients";
import { readEnv } from "./env";
import type { Route } from "./route";

/**
 * Authorizer of an API whose callers have tokens of the stack's clients. Reads `CLIENTS`.
 *
 * @param routes The routes that callers are let in to.
 */
export function authorizeTokensFactory(routes: readonly Pick<Route, "method" | "path">[]) {
    const env = readEnv({ CLIENTS: clientsVariable() });
    return bearerAuthorizer(routes, tokenOwner(env.CLIENTS));
}
