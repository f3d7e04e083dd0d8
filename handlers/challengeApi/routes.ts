import * as v from "valibot";
import type { Route } from "../shared/route";
import { text } from "../shared/schemas";

/** The routes of ChallengeApi. */
export function challengeApiRoutes(): Route[] {
    const headers = ["X-Api-Key"];
    return [
        {
            method: "GET",
            path: "/health",
            auth: "apiKey",
            summary: "Tells that the API answers",
            headers,
            responses: { 200: "It does" },
        },
        {
            method: "GET",
            path: "/hello",
            auth: "apiKey",
            summary: "Greets by name",
            headers,
            query: helloQuery,
            responses: { 200: "The greeting", 400: "The name is missing, empty or too long" },
        },
        {
            method: "GET",
            path: "/openapi.json",
            auth: "apiKey",
            summary: "This description",
            headers,
            responses: { 200: "The description of this API in OpenAPI" },
        },
    ];
}

/** Schema of the query of `GET /hello`. */
export function helloQuery() {
    return v.object({ name: v.pipe(v.string(), v.trim(), text(1, 100)) });
}
