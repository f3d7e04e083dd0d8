import { accessDenied, invalidArgument, notImplemented } from "./errors";
import { awsError } from "../../errors";
import { headerOf, headersWith } from "./headers";
import type { AwsCall } from "../../gateway/types";
import type { ObjectMetadata } from "./store/types";
import type { BucketRequest } from "./types";

/** What an upload's headers say about the object, apart from its encryption. */
export type DeclaredMetadata = Omit<ObjectMetadata, "encryption">;

/** Tags of an object. */
export type Tags = Readonly<Record<string, string>>;

/**
 * Reads the headers that PutObject and CreateMultipartUpload have in common.
 *
 * @throws MetadataTooLarge over 2 KiB, InvalidTag, InvalidStorageClass, AccessControlListNotSupported; 501 for object lock and redirects
 */
export function metadataOf(request: BucketRequest, tags: Tags | undefined): DeclaredMetadata {
    const { call } = request;
    for (const prefix of unsupported) {
        const [header] = Object.keys(headersWith(call, prefix));
        if (header !== undefined) throw notImplemented(`The header ${header}`);
    }
    checkAcl(request);
    const storageClass = headerOf(call, "x-amz-storage-class");
    if (storageClass !== undefined && !storageClasses.has(storageClass)) {
        throw awsError("InvalidStorageClass", 400, "The storage class you specified is not valid");
    }
    return {
        headers: keptHeaders(call),
        ...(tags === undefined ? {} : { tags }),
        ...(storageClass === undefined || storageClass === "STANDARD" ? {} : { storageClass }),
    };
}

/** Tags of the `x-amz-tagging` header; undefined without it. */
export function tagsOf(call: AwsCall): Record<string, string> | undefined {
    const header = headerOf(call, "x-amz-tagging");
    if (header === undefined) return undefined;
    const pairs = [...new URLSearchParams(header)];
    const tags = Object.fromEntries(pairs);
    const valid = pairs.every(([key, value]) => key.length >= 1 && key.length <= 128 && value.length <= 256);
    if (!valid || pairs.length > 10 || Object.keys(tags).length < pairs.length) {
        throw invalidArgument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
            "x-amz-tagging",
            header,
        );
    }
    return tags;
}

/** Whether a request sets an ACL, for which it needs `s3:PutObjectAcl`. */
export function setsAcl(call: AwsCall): boolean {
    return headerOf(call, "x-amz-acl") !== undefined || Object.keys(headersWith(call, "x-amz-grant-")).length > 0;
}

const unsupported = ["x-amz-object-lock-", "x-amz-website-redirect-location", "x-amz-write-offset-bytes"];

const storageClasses: ReadonlySet<string> = new Set([
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
]);

const systemHeaders = ["content-type", "cache-control", "content-disposition", "content-language", "expires"];

function keptHeaders(call: AwsCall): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const name of systemHeaders) {
        const value = headerOf(call, name);
        if (value !== undefined) headers[name] = value;
    }
    const encoding = (headerOf(call, "content-encoding") ?? "").split(",").map((coding) => coding.trim());
    const stored = encoding.filter((coding) => coding !== "" && coding !== "aws-chunked");
    if (stored.length > 0) headers["content-encoding"] = stored.join(",");
    headers["content-type"] ??= "binary/octet-stream";

    const user = headersWith(call, "x-amz-meta-");
    const bytes = Object.entries(user).reduce(
        (sum, [name, value]) => sum + name.length - "x-amz-meta-".length + value.length,
        0,
    );
    if (bytes > 2048) {
        const message = "Your metadata headers exceed the maximum allowed metadata size";
        throw awsError("MetadataTooLarge", 400, message, { Size: String(bytes), MaxSizeAllowed: "2048" });
    }
    return Object.assign(headers, user);
}

function checkAcl({ bucket, call }: BucketRequest): void {
    if (!setsAcl(call)) return;
    const acl = headerOf(call, "x-amz-acl");
    if (acl === "bucket-owner-full-control") return;
    if (bucket.config.objectOwnership === "BucketOwnerEnforced") {
        throw awsError("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    }
    if (acl?.startsWith("public-") && bucket.config.publicAccess.blockPublicAcls) throw accessDenied();
    if (acl !== "private") throw notImplemented("Granting access by an ACL");
}
