import { awsError, isAwsError } from "../../errors";
import type { AwsError } from "../../errors";
import { refusalOf } from "./access";
import { readXml } from "./bodies";
import { checkContentMd5, checksumsOf } from "./checksums";
import { authorizeDelete, deleteKey } from "./deleteObject";
import { headerOf } from "./headers";
import { keyTooLong } from "./target";
import { sendXml } from "./respond";
import type { BucketRequest } from "./types";
import { malformedXml } from "./xml";
import type { XmlChildren, XmlElement } from "./xml";

/** DeleteObjects: up to 1000 keys, each with its own permission and its own result. */
export async function deleteObjects(request: BucketRequest): Promise<void> {
    const { call, response } = request;
    const { root, md5 } = await readXml(call);
    if (headerOf(call, "content-md5") === undefined && checksumsOf(call) === undefined) {
        throw awsError("InvalidRequest", 400, "Missing required header for this request: Content-MD5");
    }
    checkContentMd5(call, md5);
    const targets = root.children.filter(({ name }) => name === "Object").map(targetOf);
    if (root.name !== "Delete" || targets.length === 0 || targets.length > 1000) throw malformedXml();
    const quiet = textOf(root, "Quiet") === "true";

    const results = await Promise.all(targets.map((target) => deleteOne(request, target)));
    sendXml(response, "DeleteResult", {
        Deleted: quiet ? undefined : results.flatMap(({ deleted }) => (deleted ? [deleted] : [])),
        Error: results.flatMap(({ error }) => (error ? [error] : [])),
    });
}

interface Target {
    readonly key: string;
    readonly versionId?: string;
    readonly etag?: string;
}

function targetOf(element: XmlElement): Target {
    const key = textOf(element, "Key");
    if (key === undefined || key === "") throw malformedXml();
    return { key, versionId: textOf(element, "VersionId"), etag: textOf(element, "ETag") };
}

function textOf(element: XmlElement, name: string): string | undefined {
    return element.children.find((child) => child.name === name)?.text;
}

async function deleteOne(
    request: BucketRequest,
    target: Target,
): Promise<{ deleted?: XmlChildren; error?: XmlChildren }> {
    const { key, versionId, etag } = target;
    const tooLong = keyTooLong(key);
    if (tooLong) return { error: errorElement(target, tooLong) };
    const refusal = refusalOf(() => authorizeDelete(request, key, versionId));
    if (refusal) return { error: errorElement(target, refusal) };
    try {
        const { removed, marker } = await deleteKey(request.bucket, key, versionId, etag);
        const shown = marker ?? (removed?.deleteMarker ? removed : undefined);
        return {
            deleted: {
                Key: key,
                VersionId: versionId,
                DeleteMarker: shown ? true : undefined,
                DeleteMarkerVersionId: shown?.versionId,
            },
        };
    } catch (error) {
        if (!isAwsError(error)) throw error;
        return { error: errorElement(target, error) };
    }
}

function errorElement({ key, versionId }: Target, { code, message }: AwsError): XmlChildren {
    return { Key: key, VersionId: versionId, Code: code, Message: message };
}
