import type { AwsCall } from "../../gateway/types";
import { awsError } from "../../errors";
import { completeMultipartUpload } from "./completeMultipartUpload";
import { copyObject } from "./copy/copyObject";
import { deleteObject } from "./deleteObject";
import { deleteObjects } from "./deleteObjects";
import { invalidArgument, notImplemented } from "./errors";
import { getObject, headObject } from "./getObject";
import { headerOf } from "./headers";
import { listObjects, listObjectsV2 } from "./listObjects";
import { listObjectVersions } from "./listObjectVersions";
import { abortMultipartUpload, createMultipartUpload, listParts, uploadPart } from "./multipart";
import { postObject } from "./post/postObject";
import { putObject } from "./putObject";
import * as readBack from "./readBack";
import type { BucketRequest } from "./types";

/** Does an operation on a bucket or an object, and answers. */
export type Operation = (request: BucketRequest) => void | Promise<void>;

/**
 * The operation that a call to a bucket means, by method, path and sub-resource. A sub-resource never falls through to the operation
 * on the object itself.
 *
 * @throws NotImplemented with the operation's name, MethodNotAllowed
 */
export function operationOf(call: AwsCall, key: string): Operation {
    const level = key === "" ? "Bucket" : "Object";
    const subResource = subResourceOf(call);
    const name = subResource === undefined ? call.method : `${call.method} ${subResource}`;
    if (!(call.method in verbs)) throw methodNotAllowed(call.method, level);
    const operation = (level === "Bucket" ? bucketOperations : objectOperations)[name];
    const copies = call.method === "PUT" && level === "Object" && headerOf(call, "x-amz-copy-source") !== undefined;
    if (copies && operation === uploadPart) throw notImplemented("UploadPartCopy");
    if (copies && operation === putObject) return copyObject;
    if (operation === undefined) throw notImplemented(nameOf(call.method, level, subResource));
    if (call.query.has("versionId") && (call.method === "PUT" || call.method === "POST")) {
        const message = "This operation does not accept a version-id.";
        throw invalidArgument(message, "versionId", call.query.get("versionId") ?? "");
    }
    return operation;
}

const bucketOperations: Readonly<Record<string, Operation>> = {
    GET: listObjects,
    HEAD: readBack.headBucket,
    POST: postObject,
    "GET list-type": listObjectsV2,
    "GET versions": listObjectVersions,
    "POST delete": deleteObjects,
    "GET location": readBack.getBucketLocation,
    "GET versioning": readBack.getBucketVersioning,
    "GET encryption": readBack.getBucketEncryption,
    "GET policy": readBack.getBucketPolicy,
    "GET lifecycle": readBack.getBucketLifecycle,
    "GET publicAccessBlock": readBack.getPublicAccessBlock,
    "GET tagging": readBack.getBucketTagging,
    "GET ownershipControls": readBack.getBucketOwnershipControls,
    "GET cors": readBack.getBucketCors,
};

const objectOperations: Readonly<Record<string, Operation>> = {
    GET: getObject,
    HEAD: headObject,
    PUT: putObject,
    DELETE: deleteObject,
    "POST uploads": createMultipartUpload,
    "PUT uploadId": uploadPart,
    "POST uploadId": completeMultipartUpload,
    "GET uploadId": listParts,
    "DELETE uploadId": abortMultipartUpload,
};

/** How names of operations begin. */
const verbs: Readonly<Record<string, string>> = {
    GET: "Get",
    HEAD: "Head",
    PUT: "Put",
    POST: "Post",
    DELETE: "Delete",
};

/** Names that do not follow from method and sub-resource. */
const otherNames: Readonly<Record<string, string>> = {
    "PUT Bucket": "CreateBucket",
    "GET Bucket uploads": "ListMultipartUploads",
    "GET Bucket publicAccessBlock": "GetPublicAccessBlock",
    "PUT Bucket publicAccessBlock": "PutPublicAccessBlock",
    "DELETE Bucket publicAccessBlock": "DeletePublicAccessBlock",
    "POST Object restore": "RestoreObject",
    "POST Object select": "SelectObjectContent",
};

/** Query names that choose another operation; the value does not matter. */
const subResources: ReadonlySet<string> = new Set(
    (
        "abac accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle list-type " +
        "location logging metadataConfiguration metadataInventoryTable metadataJournalTable metadataTable metrics notification " +
        "object-lock ownershipControls policy policyStatus publicAccessBlock renameObject replication requestPayment restore retention " +
        "select session tagging torrent uploadId uploads versioning versions website"
    ).split(" "),
);

function subResourceOf({ method, query }: AwsCall): string | undefined {
    if (query.size === 0) return undefined;
    let unknown: string | undefined;
    for (const [name, value] of query) {
        if (subResources.has(name)) return name;
        // A name without a value that is no parameter is a sub-resource that S3 got later.
        if (value === "" && !emptyParameters.has(name)) unknown = name;
        if (name === "partNumber" && method === "PUT") unknown = name;
    }
    return unknown !== undefined && query.has("uploadId") ? "uploadId" : unknown;
}

const emptyParameters: ReadonlySet<string> = new Set([
    "prefix",
    "delimiter",
    "marker",
    "start-after",
    "max-keys",
    "key-marker",
    "version-id-marker",
    "encoding-type",
    "continuation-token",
    "versionId",
]);

function nameOf(method: string, level: string, subResource: string | undefined): string {
    const known = otherNames[subResource === undefined ? `${method} ${level}` : `${method} ${level} ${subResource}`];
    if (known !== undefined) return known;
    const words = (subResource ?? "").split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    return verbs[method] + level + words.join("");
}

function methodNotAllowed(method: string, level: string): Error {
    const details = { Method: method, ResourceType: level.toUpperCase() };
    return awsError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.", details);
}
