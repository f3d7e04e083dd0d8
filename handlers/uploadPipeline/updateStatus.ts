import * as v from "valibot";
import { validBody } from "../shared/body";
import { openDatabase, type Database } from "../shared/database";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer, type HttpRequest } from "../shared/http";
import { refusal } from "../shared/refusal";
import { changeStatus } from "./database/changeStatus";
import { CAUSE_HEADER, STATUS_HEADER } from "./reportHeaders";
import { reportSchema, routesOf } from "./routes";
import type { UploadLimits } from "./uploadSchema";

/** Answers `POST /update-status`, to which API Gateway lets the worker's role alone. Reads `DATABASE` (`<host>:<port>`) and `CORS_ORIGINS`. */
export function updateStatusFactory(limits: UploadLimits) {
    const env = readEnv({ DATABASE: v.string(), CORS_ORIGINS: corsOriginsVariable() });
    const database = openDatabase({ address: env.DATABASE, user: "update_status" });
    const schema = reportSchema();
    return httpHandler({
        routes: routesOf("/update-status", limits),
        corsOrigins: env.CORS_ORIGINS,
        answers: { "POST /update-status": (request) => updateStatus(request, validBody(request, schema), database) },
    });
}

async function updateStatus(
    { id, header }: HttpRequest,
    { file_id: fileId, status, details }: v.InferOutput<ReturnType<typeof reportSchema>>,
    database: Database,
): Promise<Answer> {
    const requestId = header(CAUSE_HEADER)?.slice(0, 100) ?? id;
    const outcome = await database.transaction((run) => changeStatus(run, { fileId, to: status, details, requestId }));
    if (outcome.kind === "unknown") {
        throw refusal(404, "NOT_FOUND", "There is no such file");
    }
    if (outcome.kind === "illegal") {
        const present = outcome.file.status;
        throw refusal(409, "ILLEGAL_TRANSITION", `A file that is ${present} can't become ${status}`, {
            headers: { [STATUS_HEADER]: present },
        });
    }
    return { status: 200, body: { file_id: fileId, status }, headers: { [STATUS_HEADER]: status } };
}
