import * as v from "valibot";
import { clientsVariable, tokenOwner } from "../shared/clients";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler } from "../shared/http";
import { eventSchema } from "./eventSchema";
import { eventIngestRoutes } from "./routes";
import { storeBatch } from "./storeBatch";
import { writeOnceBucket } from "./writeOnce";

/**
 * Answers every route of EventIngest.
 *
 * Reads `BUCKET` (a name), `CLIENTS`, `CORS_ORIGINS` and `METRICS_NAMESPACE`.
 *
 * @param openapi Text of the API's description, served at `/openapi.json`.
 */
export function ingestEventsFactory(openapi: string) {
    const env = readEnv({
        BUCKET: v.string(),
        CLIENTS: clientsVariable(),
        CORS_ORIGINS: corsOriginsVariable(),
        METRICS_NAMESPACE: v.string(),
    });
    const ownerOf = tokenOwner(env.CLIENTS);
    const ingest = {
        bucket: writeOnceBucket(env.BUCKET),
        schema: eventSchema(),
        metrics: { namespace: env.METRICS_NAMESPACE, service: "EventIngest" },
    };
    return httpHandler({
        routes: eventIngestRoutes(),
        corsOrigins: env.CORS_ORIGINS,
        authenticate: (header) => ownerOf(header("x-auth-token")),
        answers: {
            "POST /events": (request) => storeBatch(ingest, request),
            "GET /openapi.json": () => ({ status: 200, body: openapi }),
        },
    });
}
