import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler } from "../shared/http";
import { validated } from "../shared/issues";
import { challengeApiRoutes, helloQuery } from "./routes";

/**
 * Answers every route of ChallengeApi. API Gateway has checked the API key before.
 *
 * Reads `CORS_ORIGINS`.
 *
 * @param openapi Text of the API's description, served at `/openapi.json`.
 */
export function challengeApiFactory(openapi: string) {
    const { CORS_ORIGINS: corsOrigins } = readEnv({ CORS_ORIGINS: corsOriginsVariable() });
    const hello = helloQuery();
    return httpHandler({
        routes: challengeApiRoutes(),
        corsOrigins,
        answers: {
            "GET /health": () => ({ status: 200, body: { status: "ok" } }),
            "GET /hello": ({ query }) => ({
                status: 200,
                body: { message: `Hello, ${validated(hello, query).name}!` },
            }),
            "GET /openapi.json": () => ({ status: 200, body: openapi }),
        },
    });
}
