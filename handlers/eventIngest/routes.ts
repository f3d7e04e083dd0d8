import * as v from "valibot";
import { descriptionRoute, type Route } from "../shared/route";
import { eventSchema } from "./eventSchema";

/** The routes of EventIngest. */
export function eventIngestRoutes(): Route[] {
    return [
        {
            method: "POST",
            path: "/events",
            auth: "token",
            summary: "Stores one event, or a batch of up to 500",
            headers: [
                "Content-Type",
                "X-Amz-Date",
                "Authorization",
                "X-Api-Key",
                "X-Amz-Security-Token",
                "X-Auth-Token",
                "Idempotency-Key",
                "Content-Encoding",
            ],
            body: { schema: eventsSchema, maxBytes: 1024 * 1024, maxUnpackedBytes: 5 * 1024 * 1024 },
            responses: {
                200: "The events are stored; events that are not valid are listed and the others stored",
                400: "Nothing is stored: the body or the idempotency key is not valid, or none of the events",
                401: "The token is missing or nobody's",
                413: "The body is too large",
                415: "The content type is not JSON, or the content encoding neither gzip nor identity",
                503: "Nothing is acknowledged: storage did not answer. The same request can be sent again",
            },
        },
        descriptionRoute({ auth: "none", headers: [] }),
    ];
}

/** Most events in a batch. */
export const MOST_EVENTS = 500;

/** Schema of the body of `POST /events`, for its description: the handler checks event by event. */
function eventsSchema() {
    return v.union([eventSchema(), v.pipe(v.array(eventSchema()), v.minLength(1), v.maxLength(MOST_EVENTS))]);
}
