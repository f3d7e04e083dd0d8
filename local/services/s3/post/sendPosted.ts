import type { FormFields } from "../../../sigv4/formPolicy";
import type { ObjectVersion } from "../store/types";
import type { BucketRequest } from "../types";
import { writtenHeaders } from "../writeObject";
import { document } from "../xml";

/**
 * Answers a form that was written as it asks for: `success_action_redirect` (303), else `success_action_status` (200, or 201 with a body), else
 * 204. What cannot be read counts as not there, as in S3.
 */
export function sendPosted(
    { bucket, environment, response }: BucketRequest,
    fields: FormFields,
    object: ObjectVersion,
) {
    const path = object.key.split("/").map(encodeURIComponent).join("/");
    const location = `${environment.endpoint()}/${bucket.name}/${path}`;
    const names = { bucket: bucket.name, key: object.key, etag: `"${object.etag}"` };
    const headers = writtenHeaders(bucket, object);
    const redirect = redirectOf(fields, names);
    if (redirect !== undefined) {
        response.writeHead(303, { ...headers, location: redirect, "content-length": 0 }).end();
        return;
    }
    const status = statuses[fields.get("success_action_status") ?? ""] ?? 204;
    const body =
        status === 201
            ? document("PostResponse", { Location: location, Bucket: names.bucket, Key: names.key, ETag: names.etag })
            : "";
    response.writeHead(status, {
        ...headers,
        location,
        ...(status === 201 ? { "content-type": "application/xml" } : {}),
        ...(status === 204 ? {} : { "content-length": Buffer.byteLength(body) }),
    });
    response.end(body);
}

const statuses: Readonly<Record<string, number>> = { "200": 200, "201": 201, "204": 204 };

function redirectOf(fields: FormFields, names: Readonly<Record<string, string>>): string | undefined {
    const wanted = fields.get("success_action_redirect") ?? fields.get("redirect") ?? "";
    if (!URL.canParse(wanted)) return undefined;
    const url = new URL(wanted);
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    for (const [name, value] of Object.entries(names)) url.searchParams.append(name, value);
    return url.href;
}
