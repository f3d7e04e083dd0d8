import type { Route } from "./route";
import { allowedMethods } from "./routing";

/** Headers by which a browser lets a page of the request's origin read the answer; none for an origin that is not listed. */
export function corsHeaders(origins: readonly string[], origin: string | undefined): Record<string, string> {
    if (origins.includes("*")) {
        return { "access-control-allow-origin": "*", ...EXPOSED };
    }
    return origin !== undefined && origins.includes(origin)
        ? { "access-control-allow-origin": origin, ...EXPOSED, vary: "Origin" }
        : { vary: "Origin" };
}

/** What the answer to a preflight says about a path, besides the origin. */
export function preflightHeaders(routes: readonly Route[]): Record<string, string> {
    return {
        "access-control-allow-methods": allowedMethods(routes).join(", "),
        "access-control-allow-headers": [...new Set(routes.flatMap(({ headers }) => headers))].join(", "),
        // Chromium keeps an answer for two hours at most, other browsers for longer.
        "access-control-max-age": "7200",
    };
}

const EXPOSED = { "access-control-expose-headers": "X-Request-Id, Retry-After, Location, ETag" };
