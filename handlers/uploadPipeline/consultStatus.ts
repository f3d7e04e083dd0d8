import * as v from "valibot";
import { openDatabase, type Database } from "../shared/database";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer } from "../shared/http";
import { validated } from "../shared/issues";
import { refusal } from "../shared/refusal";
import { findFile, historyOf } from "./database/files";
import { fileIdSchema, routesOf } from "./routes";
import type { UploadLimits } from "./uploadSchema";

/**
 * Answers `GET /consult-status` and `GET /openapi.json`. Reads `DATABASE` (`<host>:<port>`) and `CORS_ORIGINS`.
 *
 * @param openapi Text of the API's description.
 */
export function consultStatusFactory(limits: UploadLimits, openapi: string) {
    const env = readEnv({ DATABASE: v.string(), CORS_ORIGINS: corsOriginsVariable() });
    const database = openDatabase({ address: env.DATABASE, user: "consult_status" });
    const schema = fileIdSchema();
    return httpHandler({
        routes: [...routesOf("/consult-status", limits), ...routesOf("/openapi.json", limits)],
        corsOrigins: env.CORS_ORIGINS,
        answers: {
            "GET /consult-status": ({ query, client }) =>
                consultStatus(validated(schema, query).file_id, client, database),
            "GET /openapi.json": () => ({ status: 200, body: openapi }),
        },
    });
}

async function consultStatus(fileId: string, client: string, database: Database): Promise<Answer> {
    const found = await database.transaction(async (run) => {
        const file = await findFile(run, fileId, client);
        return file && { file, history: await historyOf(run, fileId) };
    });
    if (!found) {
        throw refusal(404, "NOT_FOUND", "There is no such file");
    }
    const { file, history } = found;
    return {
        status: 200,
        body: {
            file_id: file.fileId,
            file_name: file.fileName,
            status: file.status,
            details: file.details ?? undefined,
            updated_at: file.updatedAt.toISOString(),
            history: history.map(({ status, at, details }) => ({
                status,
                at: at.toISOString(),
                details: details ?? undefined,
            })),
        },
    };
}
