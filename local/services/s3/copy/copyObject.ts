import { awsError } from "../../../errors";
import { authorizeObject, existingTags } from "../access";
import { maxUpload } from "../bodies";
import { checksumElements } from "../checksums";
import { authorizeKey, encryptionHeaders } from "../encryption";
import { invalidArgument } from "../errors";
import { headerOf } from "../headers";
import { timeOf } from "../listing";
import { tagsOf } from "../metadata";
import type { Tags } from "../metadata";
import { sendXml } from "../respond";
import type { ObjectVersion } from "../store/types";
import type { BucketRequest } from "../types";
import { announce, commitObject, prepareWrite, versionHeader } from "../writeObject";
import { copyBytes } from "./copyBytes";
import { copySourceOf } from "./copySource";
import type { CopySource } from "./copySource";

/** CopyObject: a new object of its own, also when it shares its bytes with the source on disk. */
export async function copyObject(request: BucketRequest): Promise<void> {
    const source = copySourceOf(request);
    const { headers } = source.object;
    const replacesMetadata = replaces(request, "metadata");
    refuseNoChange(request, source, replacesMetadata);
    refuseTooLarge(source.object);
    authorizeKey(source.request, "kms:Decrypt", source.object.encryption);
    const write = prepareWrite(request, tagsOfCopy(request, source));
    const metadata = replacesMetadata ? write.metadata : { ...write.metadata, headers };
    const object = await commitObject(request, { ...write, metadata }, await copyBytes(request, source));

    sendCopied(request, source, object);
    announce(request, object, "ObjectCreated:Copy");
}

function replaces({ call }: BucketRequest, what: "metadata" | "tagging"): boolean {
    const header = `x-amz-${what}-directive`;
    const directive = headerOf(call, header) ?? "COPY";
    if (directive === "COPY" || directive === "REPLACE") return directive === "REPLACE";
    throw invalidArgument(`Unknown ${what} directive.`, header, directive);
}

function refuseNoChange({ bucket, call, key }: BucketRequest, source: CopySource, replacesMetadata: boolean): void {
    const inPlace = source.request.bucket === bucket && source.request.key === key && source.versionId === undefined;
    const changing = ["x-amz-storage-class", "x-amz-server-side-encryption"];
    if (!inPlace || replacesMetadata || changing.some((name) => headerOf(call, name) !== undefined)) return;
    const message =
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw awsError("InvalidRequest", 400, message);
}

function refuseTooLarge({ size }: ObjectVersion): void {
    if (size <= maxUpload) return;
    const message = `The specified copy source is larger than the maximum allowable size for a copy source: ${maxUpload}`;
    throw awsError("InvalidRequest", 400, message);
}

function tagsOfCopy(request: BucketRequest, { request: reading, object, versionId }: CopySource): Tags | undefined {
    if (replaces(request, "tagging")) return tagsOf(request.call);
    if (object.tags === undefined) return undefined;
    const action = versionId === undefined ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging";
    const version: Record<string, string> = versionId === undefined ? {} : { "s3:VersionId": versionId };
    authorizeObject(reading, action, { ...existingTags(object.tags), ...version });
    return object.tags;
}

function sendCopied({ bucket, response }: BucketRequest, source: CopySource, object: ObjectVersion): void {
    const { "x-amz-version-id": sourceVersion } = versionHeader(source.request.bucket, source.object);
    const headers = {
        ...(sourceVersion === undefined ? {} : { "x-amz-copy-source-version-id": sourceVersion }),
        ...versionHeader(bucket, object),
        ...encryptionHeaders(object.encryption),
    };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendXml(response, "CopyObjectResult", {
        LastModified: timeOf(object.modified),
        ETag: `"${object.etag}"`,
        ...checksumElements(object.checksums),
        ChecksumType: object.checksumType,
    });
}
