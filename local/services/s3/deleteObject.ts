import { authorizeObject, existingTags } from "./access";
import { checkWrite } from "./conditions";
import { headerOf } from "./headers";
import { newest, nextVersionId, versionHeader } from "./writeObject";
import type { Change, ObjectVersion } from "./store/types";
import type { Bucket, BucketRequest } from "./types";

/** What a deletion did: the version or marker removed, or the delete marker made. */
export interface Deletion {
    readonly removed?: ObjectVersion;
    readonly marker?: ObjectVersion;
}

/** DeleteObject: 204 whether there was something or not, as in S3. */
export async function deleteObject(request: BucketRequest): Promise<void> {
    const { bucket, call, key, response } = request;
    const versionId = call.query.get("versionId") ?? undefined;
    const ifMatch = headerOf(call, "if-match");
    authorizeDelete(request, key, versionId);
    const { removed, marker } = await deleteKey(bucket, key, versionId, ifMatch);

    const shown = marker ?? (versionId === undefined ? undefined : removed);
    response.writeHead(204, {
        ...(shown === undefined ? {} : versionHeader(bucket, shown)),
        ...(shown?.deleteMarker ? { "x-amz-delete-marker": "true" } : {}),
    });
    response.end();
}

/** Asks for the permission to delete a key, or one version of it. */
export function authorizeDelete(request: BucketRequest, key: string, versionId: string | undefined): void {
    const context = {
        ...existingTags(newest(request.bucket, key)?.tags),
        ...(versionId === undefined ? {} : { "s3:VersionId": versionId }),
    };
    authorizeObject(request, versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion", context, key);
}

/** Deletes a key: for good without versioning or with a version id, else by a delete marker. */
export async function deleteKey(bucket: Bucket, key: string, versionId?: string, ifMatch?: string): Promise<Deletion> {
    let removed: ObjectVersion | undefined;
    const change = await bucket.store.commit(key, (): Change | undefined => {
        if (ifMatch !== undefined) checkWrite({ ifMatch }, key, newest(bucket, key));
        const target = versionId ?? "null";
        removed = bucket.store.index.versions(key)?.find((version) => version.versionId === target);
        if (versionId === undefined) return deletionOf(bucket, key);
        return removed && { remove: { key, versionId } };
    });
    return { removed, marker: change?.put };
}

/** The change that deleting a key without a version id makes; none when there is nothing to delete. */
export function deletionOf(bucket: Bucket, key: string): Change | undefined {
    if (bucket.config.versioning !== undefined) return { put: deleteMarker(bucket, key) };
    return newest(bucket, key) && { remove: { key, versionId: "null" } };
}

function deleteMarker(bucket: Bucket, key: string): ObjectVersion {
    return {
        key,
        versionId: nextVersionId(bucket),
        modified: Date.now(),
        deleteMarker: true,
        size: 0,
        etag: "",
        blobs: [],
        headers: {},
        encryption: { algorithm: "AES256" },
    };
}
