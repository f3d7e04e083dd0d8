import * as crypto from "node:crypto";
import * as s3 from "@aws-sdk/client-s3";
import * as presignedPost from "@aws-sdk/s3-presigned-post";
import * as v from "valibot";
import { validBody } from "../shared/body";
import { openDatabase, type Database } from "../shared/database";
import { corsOriginsVariable, readEnv } from "../shared/env";
import { httpHandler, type Answer, type HttpRequest } from "../shared/http";
import { insertFile } from "./database/files";
import { temporaryKey } from "./objectKeys";
import { routesOf } from "./routes";
import { uploadSchema, type Announced, type UploadLimits } from "./uploadSchema";

/**
 * Answers `POST /upload`. Reads `BUCKET`, `KEY_ARN` (the key that encrypts the bucket, or empty for S3's own), `DATABASE` (`<host>:<port>`)
 * and `CORS_ORIGINS`.
 */
export function requestUploadFactory(limits: UploadLimits) {
    const env = readEnv({
        BUCKET: v.string(),
        KEY_ARN: v.string(),
        DATABASE: v.string(),
        CORS_ORIGINS: corsOriginsVariable(),
    });
    const forms = { client: new s3.S3Client({}), bucket: env.BUCKET, keyArn: env.KEY_ARN };
    const database = openDatabase({ address: env.DATABASE, user: "request_upload" });
    const schema = uploadSchema(limits);
    return httpHandler({
        routes: routesOf("/upload", limits),
        corsOrigins: env.CORS_ORIGINS,
        answers: { "POST /upload": (request) => requestUpload(request, validBody(request, schema), database, forms) },
    });
}

/** Where forms lead, and how what they bring is encrypted. */
interface Forms {
    readonly client: s3.S3Client;
    readonly bucket: string;
    readonly keyArn: string;
}

/** How long S3 accepts a form, in seconds. */
const FORM_SECONDS = 15 * 60;

/** The row is stored before the form is given out: nothing can arrive that nobody knows of. */
async function requestUpload(
    { id: requestId, client: clientId }: HttpRequest,
    announced: Announced,
    database: Database,
    forms: Forms,
): Promise<Answer> {
    const fileId = crypto.randomUUID();
    const expiresAt = new Date(Date.now() + FORM_SECONDS * 1000);
    const { url, fields } = await form(forms, announced, fileId, requestId);
    await database.transaction((run) => insertFile(run, { ...announced, fileId, clientId, requestId, expiresAt }));
    return {
        status: 201,
        body: { file_id: fileId, file_name: announced.file_name, url, fields, expires_at: expiresAt.toISOString() },
    };
}

/** Each field is a condition of the form's policy, too: S3 refuses a form in which one is missing, other, or added. */
function form({ client, bucket, keyArn }: Forms, file: Announced, fileId: string, requestId: string) {
    return presignedPost.createPresignedPost(client, {
        Bucket: bucket,
        Key: temporaryKey({ fileId, fileName: file.file_name }),
        Expires: FORM_SECONDS,
        Conditions: [["content-length-range", file.len, file.len]],
        Fields: {
            "Content-Type": file.type,
            // The answer then has a body, which Uppy reads the object's address from.
            success_action_status: "201",
            "x-amz-meta-request-id": requestId,
            ...(keyArn
                ? {
                      "x-amz-server-side-encryption": "aws:kms",
                      "x-amz-server-side-encryption-aws-kms-key-id": keyArn,
                  }
                : { "x-amz-server-side-encryption": "AES256" }),
            ...(file.sha256 ? { "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": file.sha256 } : {}),
        },
    });
}
