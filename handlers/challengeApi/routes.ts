import * as v from "valibot";
import { descriptionRoute, type Route } from "../shared/route";
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
        descriptionRoute({ auth: "apiKey", headers }),
    ];
}

/** Schema of the query of `GET /hello`. */
export function helloQuery() {
    return v.object({ name: v.pipe(v.string(), v.trim(), text(1, 100)) });
}
