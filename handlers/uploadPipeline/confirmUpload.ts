import * as s3 from "@aws-sdk/client-s3";
import * as sqs from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { validBody } from "../shared/body";
import { openDatabase, type Database } from "../shared/database";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer, type HttpRequest } from "../shared/http";
import { refusal, type Refusal } from "../shared/refusal";
import { arrivalOf, type UploadBucket } from "./arrived";
import { findFile } from "./database/files";
import { acceptArrival } from "./acceptArrival";
import { fileIdSchema, routesOf } from "./routes";
import type { UploadQueue } from "./message";
import type { UploadLimits } from "./uploadSchema";

/** Answers `POST /confirm-upload`. Reads `BUCKET`, `QUEUE_URL`, `DATABASE` (`<host>:<port>`) and `CORS_ORIGINS`. */
export function confirmUploadFactory(limits: UploadLimits) {
    const env = readEnv({
        BUCKET: v.string(),
        QUEUE_URL: v.string(),
        DATABASE: v.string(),
        CORS_ORIGINS: corsOriginsVariable(),
    });
    const parts = {
        bucket: { client: new s3.S3Client({}), name: env.BUCKET },
        queue: { client: new sqs.SQSClient({}), url: env.QUEUE_URL },
        database: openDatabase({ address: env.DATABASE, user: "confirm_upload" }),
    };
    const schema = fileIdSchema();
    return httpHandler({
        routes: routesOf("/confirm-upload", limits),
        corsOrigins: env.CORS_ORIGINS,
        answers: {
            "POST /confirm-upload": (request) => confirmUpload(request, validBody(request, schema).file_id, parts),
        },
    });
}

interface Parts {
    readonly bucket: UploadBucket;
    readonly queue: UploadQueue;
    readonly database: Database;
}

/** The answer tells what the confirmation led to, also when the file is further by now: a repeat is answered alike. */
async function confirmUpload({ id, client }: HttpRequest, fileId: string, parts: Parts): Promise<Answer> {
    const { bucket, database } = parts;
    const file = await database.transaction((run) => findFile(run, fileId, client));
    if (!file) {
        throw refusal(404, "NOT_FOUND", "There is no such file");
    }
    if (file.status === "pending") {
        const arrival = await arrivalOf({ ...bucket, requestId: id }, file);
        if (arrival.kind === "nothing") {
            throw refusal(409, "NOT_UPLOADED", "Nothing was uploaded for this file");
        }
        if (arrival.kind === "other") {
            throw refusal(422, "UPLOAD_MISMATCH", "What was uploaded is not what was announced", arrival);
        }
    }
    const status = await acceptArrival(file, id, parts);
    if (status === "expired") {
        throw expired();
    }
    return { status: 202, body: { file_id: fileId, status: "uploaded" } };
}

function expired(): Refusal {
    return refusal(409, "EXPIRED", "Nothing was uploaded in time; ask for a new form");
}
