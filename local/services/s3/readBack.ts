import { awsError } from "../../errors";
import { authorizeAccount, authorizeBucket } from "./access";
import { ownerOf, timeOf } from "./listing";
import type { LifecycleRule } from "./lifecycle";
import { sendXml } from "./respond";
import type { BucketRequest, S3Request } from "./types";
import type { XmlChildren } from "./xml";

/** ListBuckets: all buckets that the program declares. */
export function listBuckets(request: S3Request): void {
    authorizeAccount(request, "s3:ListAllMyBuckets");
    const { account, buckets, region } = request.environment;
    const sorted = [...buckets().values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    sendXml(request.response, "ListAllMyBucketsResult", {
        Buckets: {
            Bucket: sorted.map(({ name, arn, store }) => ({
                Name: name,
                CreationDate: timeOf(store.created),
                BucketRegion: region,
                BucketArn: arn,
            })),
        },
        Owner: ownerOf(account),
    });
}

/** HeadBucket. */
export function headBucket(request: BucketRequest): void {
    authorizeBucket(request, "s3:ListBucket");
    const { environment, response } = request;
    response.writeHead(200, { "x-amz-bucket-region": environment.region, "content-length": 0 }).end();
}

/** GetBucketLocation: empty for us-east-1, as ever. */
export function getBucketLocation(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetBucketLocation");
    const { region } = request.environment;
    sendXml(request.response, "LocationConstraint", region === "us-east-1" ? "" : region);
}

/** GetBucketVersioning: empty when versioning was never turned on. */
export function getBucketVersioning(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetBucketVersioning");
    sendXml(request.response, "VersioningConfiguration", { Status: request.bucket.config.versioning });
}

/** GetBucketEncryption: SSE-S3 when nothing is declared, as every bucket has it since 2023. */
export function getBucketEncryption(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetEncryptionConfiguration");
    const { algorithm, kmsMasterKeyId, bucketKeyEnabled } = request.bucket.config.encryption;
    const byDefault = { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsMasterKeyId };
    sendXml(request.response, "ServerSideEncryptionConfiguration", {
        Rule: { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKeyEnabled },
    });
}

/** GetBucketPolicy: the document, as JSON. */
export function getBucketPolicy(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetBucketPolicy");
    const { policy } = request.bucket.config;
    if (policy === undefined) throw notDeclared(request, "NoSuchBucketPolicy", "The bucket policy does not exist");
    const text = typeof policy === "string" ? policy : JSON.stringify(policy);
    request.response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    request.response.end(text);
}

/** GetBucketLifecycleConfiguration. */
export function getBucketLifecycle(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetLifecycleConfiguration");
    const { lifecycle } = request.bucket.config;
    if (lifecycle.length === 0) {
        throw notDeclared(request, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
    }
    sendXml(request.response, "LifecycleConfiguration", { Rule: lifecycle.map(lifecycleElements) });
}

/** GetPublicAccessBlock: all four settings on when nothing is declared, as every new bucket has them since 2023. */
export function getPublicAccessBlock(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetBucketPublicAccessBlock");
    const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets } =
        request.bucket.config.publicAccess;
    sendXml(request.response, "PublicAccessBlockConfiguration", {
        BlockPublicAcls: blockPublicAcls,
        IgnorePublicAcls: ignorePublicAcls,
        BlockPublicPolicy: blockPublicPolicy,
        RestrictPublicBuckets: restrictPublicBuckets,
    });
}

/** GetBucketTagging. */
export function getBucketTagging(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetBucketTagging");
    const tags = Object.entries(request.bucket.config.tags);
    if (tags.length === 0) throw notDeclared(request, "NoSuchTagSet", "The TagSet does not exist");
    sendXml(request.response, "Tagging", { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } });
}

/** GetBucketOwnershipControls. */
export function getBucketOwnershipControls(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetBucketOwnershipControls");
    sendXml(request.response, "OwnershipControls", {
        Rule: { ObjectOwnership: request.bucket.config.objectOwnership },
    });
}

/** GetBucketCors. */
export function getBucketCors(request: BucketRequest): void {
    authorizeBucket(request, "s3:GetBucketCORS");
    const { cors } = request.bucket.config;
    if (cors.length === 0)
        throw notDeclared(request, "NoSuchCORSConfiguration", "The CORS configuration does not exist");
    sendXml(request.response, "CORSConfiguration", {
        CORSRule: cors.map((rule) => ({
            ID: rule.id,
            AllowedHeader: rule.allowedHeaders,
            AllowedMethod: rule.allowedMethods,
            AllowedOrigin: rule.allowedOrigins,
            ExposeHeader: rule.exposeHeaders,
            MaxAgeSeconds: rule.maxAgeSeconds,
        })),
    });
}

function notDeclared({ bucket }: BucketRequest, code: string, message: string): Error {
    return awsError(code, 404, message, { BucketName: bucket.name });
}

function lifecycleElements(rule: LifecycleRule): XmlChildren {
    const { and, tag, ...conditions } = rule.filter ?? {};
    const tags = Object.entries(and?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    return capitalized({
        iD: rule.id,
        status: rule.status,
        filter: capitalized({
            ...conditions,
            prefix: conditions.prefix ?? (and || tag ? undefined : (rule.prefix ?? "")),
            tag: tag && capitalized(tag),
            and: and && { ...capitalized({ ...and, tags: undefined }), Tag: tags },
        }),
        expiration: rule.expiration && capitalized(rule.expiration),
        noncurrentVersionExpiration: rule.noncurrentVersionExpiration && capitalized(rule.noncurrentVersionExpiration),
        abortIncompleteMultipartUpload:
            rule.abortIncompleteMultipartUpload && capitalized(rule.abortIncompleteMultipartUpload),
        transition: rule.transitions?.map(capitalized),
        noncurrentVersionTransition: rule.noncurrentVersionTransitions?.map(capitalized),
    });
}

/** Names of properties are those of S3's XML, but for their first letter. */
function capitalized(properties: object): XmlChildren {
    const entries = Object.entries(properties as XmlChildren).map(
        ([name, value]) => [name[0].toUpperCase() + name.slice(1), value] as const,
    );
    return Object.fromEntries(entries);
}
