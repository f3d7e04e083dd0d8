import type * as v from "valibot";

/**
 * One route of an API, as plain data. Three readers take it from the same table: the handler that answers, the text that
 * API Gateway imports, and the description for people at `/openapi.json`.
 */
export interface Route {
    readonly method: "GET" | "POST" | "PUT" | "DELETE";
    /** Path with its parameters in braces, e.g. `/pedidos/{id}`; no slash at its end. */
    readonly path: string;
    /**
     * Who may call: anyone; holders of an API key, which API Gateway checks; holders of a client's token, which the handler
     * checks; whom the API's authorizer lets in, a function that API Gateway asks before; or roles of the account that IAM lets in.
     */
    readonly auth: "none" | "apiKey" | "token" | "authorizer" | "iam";
    /** What the route does, in one line. */
    readonly summary: string;
    /** Request headers that a page of another origin may send to this route, as preflight answers spell them. */
    readonly headers: readonly string[];
    /** Makes the schema of the query's parameters. @default - the query is not read */
    readonly query?: () => v.GenericSchema;
    /** @default - the body is not read */
    readonly body?: RouteBody;
    /** What each status means, by status. */
    readonly responses: Readonly<Record<number, string>>;
}

/** The JSON body of a request to a {@link Route}. */
export interface RouteBody {
    /** Makes the schema of the body. */
    readonly schema: () => v.GenericSchema;
    /** Most bytes that a body may have as it was sent, packed or not. */
    readonly maxBytes: number;
    /** Most bytes that a body may have when it is unpacked. */
    readonly maxUnpackedBytes: number;
}

/** The route that tells an API's description, of the path that all systems have for it. */
export function descriptionRoute(own: Pick<Route, "auth" | "headers">): Route {
    return {
        method: "GET",
        path: "/openapi.json",
        summary: "This description",
        responses: { 200: "The description of this API in OpenAPI" },
        ...own,
    };
}

/** Name of a route in logs and tables, e.g. `POST /events`. */
export function routeName({ method, path }: Pick<Route, "method" | "path">): string {
    return `${method} ${path}`;
}

/** A route's path as policies name it, with `*` for each parameter. */
export function pathPattern(path: string): string {
    return path.replace(/\{[^}]+\}/g, "*");
}

/** The routes that an API's authorizer lets callers in to, as plain data. */
export function authorizedRoutes(routes: readonly Route[]): Pick<Route, "method" | "path">[] {
    return routes.filter(({ auth }) => auth === "authorizer").map(({ method, path }) => ({ method, path }));
}
