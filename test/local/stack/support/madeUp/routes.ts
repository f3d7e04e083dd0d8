import type { Route } from "../../../../../handlers/shared/route";

/** One route for each thing that a test makes the function try. */
export function notesRoutes(): Route[] {
    const route = (method: Route["method"], path: string, auth: Route["auth"] = "none"): Route => ({
        method,
        path,
        auth,
        summary: path,
        headers: [],
        responses: { 200: "done" },
    });
    return [
        route("POST", "/notes/{id}"),
        route("GET", "/notes/{id}"),
        route("POST", "/elsewhere"),
        route("GET", "/forever"),
        route("GET", "/guarded", "authorizer"),
    ];
}
