import { awsError } from "../../../errors";
import { checkCopySource } from "../conditions";
import { invalidArgument, noSuchBucket, noSuchKey } from "../errors";
import { readableVersion } from "../getObject";
import { headerOf } from "../headers";
import type { ObjectVersion } from "../store/types";
import { targetOf } from "../target";
import type { BucketRequest } from "../types";

/** The object that a copy reads. */
export interface CopySource {
    /** As if it were read by a call of its own. */
    readonly request: BucketRequest;
    readonly object: ObjectVersion;
    /** Absent when the newest version was asked for. */
    readonly versionId?: string;
}

/**
 * Finds the source of a copy, by `x-amz-copy-source` and the conditions on it.
 *
 * @throws InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied, PreconditionFailed
 */
export function copySourceOf(request: BucketRequest): CopySource {
    const { call, environment } = request;
    const header = headerOf(call, "x-amz-copy-source") ?? "";
    const [path, versionId] = header.split("?versionId=");
    const { bucket: name, key } = targetOf(`/${path.replace(/^\//, "")}`);
    if (key === "") {
        const message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
        throw invalidArgument(message, "x-amz-copy-source", header);
    }
    const bucket = environment.buckets().get(name);
    if (bucket === undefined) throw noSuchBucket(name);

    const { "user-agent": userAgent, referer } = call.headers;
    const headers = { ...(userAgent && { "user-agent": userAgent }), ...(referer && { referer }) };
    const reading = { ...request, bucket, key, call: { ...call, headers } };
    const object = readableVersion(reading, versionId);
    if (object.deleteMarker) {
        if (versionId === undefined) throw noSuchKey(key);
        const message = "The source of a copy request may not specifically refer to a delete marker by version id.";
        throw awsError("InvalidRequest", 400, message);
    }
    checkCopySource(call, object);
    return { request: reading, object, ...(versionId === undefined ? {} : { versionId }) };
}
