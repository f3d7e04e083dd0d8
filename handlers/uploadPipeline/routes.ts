import * as v from "valibot";
import { descriptionRoute, type Route } from "../shared/route";
import { text } from "../shared/schemas";
import { STATUSES } from "./statuses";
import { uploadSchema, type UploadLimits } from "./uploadSchema";

/** The routes of UploadPipeline. */
export function uploadPipelineRoutes(limits: UploadLimits): Route[] {
    return [
        {
            method: "POST",
            path: "/upload",
            auth: "authorizer",
            summary: "Announces a file, and gives the form to upload it with, straight to S3",
            headers: BROWSER_HEADERS,
            body: { schema: () => uploadSchema(limits), ...SMALL },
            responses: {
                201: "The file's id, and the form's address and fields, which S3 accepts until `expires_at`",
                ...ALWAYS,
            },
        },
        {
            method: "POST",
            path: "/confirm-upload",
            auth: "authorizer",
            summary: "Says that the form was sent; the file is then checked and moved to its place",
            headers: BROWSER_HEADERS,
            body: { schema: fileIdSchema, ...SMALL },
            responses: {
                202: "The file arrived, and is being moved. The same request again answers the same, and starts nothing twice",
                404: "There is no such file of this client",
                409: "Nothing has arrived (`NOT_UPLOADED`), or nothing arrived in time (`EXPIRED`)",
                422: "What arrived is not what was announced",
                ...ALWAYS,
            },
        },
        {
            method: "POST",
            path: "/update-status",
            auth: "iam",
            summary: "Reports a file's status. For the worker alone, by its IAM role",
            headers: [],
            body: { schema: reportSchema, ...SMALL },
            responses: {
                200: "The status is as reported, now or before already",
                404: "There is no such file",
                409: "This status can't follow the present one, which the header `x-file-status` tells",
                ...ALWAYS,
            },
        },
        {
            method: "GET",
            path: "/consult-status",
            auth: "authorizer",
            summary: "A file's status, and how it came to it",
            headers: ["Authorization"],
            query: fileIdSchema,
            responses: {
                200: "The file's status and its history, oldest first",
                404: "There is no such file of this client",
                ...ALWAYS,
            },
        },
        descriptionRoute({ auth: "none", headers: [] }),
    ];
}

/** The route of a path. */
export function routesOf(path: string, limits: UploadLimits): Route[] {
    return uploadPipelineRoutes(limits).filter((route) => route.path === path);
}

const BROWSER_HEADERS = ["Authorization", "Content-Type", "Content-Encoding"];

const SMALL = { maxBytes: 16_384, maxUnpackedBytes: 16_384 };

const ALWAYS = {
    400: "The request is not valid; every issue is listed",
    401: "The token is missing or nobody's",
    503: "The database or the storage did not answer; the same request can be sent again",
};

/** The query of `GET /consult-status`, and the body of `POST /confirm-upload`. */
export function fileIdSchema() {
    return v.object({ file_id: fileId() });
}

/** The body of `POST /update-status`. */
export function reportSchema() {
    return v.object({
        file_id: fileId(),
        status: v.picklist(STATUSES, `must be one of ${STATUSES.join(", ")}`),
        details: v.optional(text(1, 1000)),
    });
}

function fileId() {
    const message = "must be the id of a file, a UUID";
    return v.pipe(v.string(message), v.uuid(message), v.toLowerCase());
}
