import type { AwsCall } from "../../gateway/types";
import { isFormCall } from "../../sigv4/formPolicy";
import { isAwsError } from "../../errors";
import type { AwsError } from "../../errors";
import type { AccessRequest, Context } from "../../iam/types";
import { accessDenied } from "./errors";
import { headerOf } from "./headers";
import type { BucketRequest, S3Request } from "./types";

/**
 * Asks whether the caller may do `action` on the bucket, by its policies and the bucket's.
 *
 * @throws AccessDenied
 */
export function authorizeBucket(request: BucketRequest, action: string, context: Context = {}): void {
    authorize(request, action, request.bucket.arn, context);
}

/** Like {@link authorizeBucket}, on an object. */
export function authorizeObject(
    request: BucketRequest,
    action: string,
    context: Context = {},
    key = request.key,
): void {
    authorize(request, action, `${request.bucket.arn}/${key}`, context);
}

/** Like {@link authorizeObject}, but answers the refusal instead of throwing it. */
export function refusalOf(authorization: () => void): AwsError | undefined {
    try {
        authorization();
        return undefined;
    } catch (error) {
        if (isAwsError(error) && error.status === 403) return error;
        throw error;
    }
}

/** Asks whether the caller may do what belongs to no bucket, e.g. `s3:ListAllMyBuckets`. */
export function authorizeAccount({ call, environment }: S3Request, action: string): void {
    const question = {
        principal: call.principal,
        action,
        resource: "*",
        context: callContext(call, environment.account),
    };
    environment.authorizer.authorize(question, call.requestId);
}

function authorize(
    { call, environment, bucket }: BucketRequest,
    action: string,
    resource: string,
    context: Context,
): void {
    const { publicAccess, policy } = bucket.config;
    if (call.principal.type === "anonymous" && bucket.publicPolicy && publicAccess.restrictPublicBuckets)
        throw accessDenied();
    const question: AccessRequest = {
        principal: call.principal,
        action,
        resource,
        context: { ...callContext(call, environment.account), ...context },
        resourcePolicy: policy,
    };
    environment.authorizer.authorize(question, call.requestId);
}

/** Condition keys that S3 has in every call. */
function callContext(call: AwsCall, account: string): Context {
    const context: Record<string, string> = {
        "s3:ResourceAccount": account,
        "aws:ResourceAccount": account,
        "aws:SourceIp": call.sourceIp,
    };
    if (call.principal.type !== "anonymous") {
        context["s3:signatureversion"] = "AWS4-HMAC-SHA256";
        context["s3:authType"] = authType(call);
    }
    for (const [condition, header] of headerConditions) {
        const value = headerOf(call, header);
        if (value !== undefined) context[condition] = value;
    }
    return context;
}

function authType(call: AwsCall): string {
    if (isFormCall(call)) return "POST";
    return call.query.has("X-Amz-Signature") ? "REST-QUERY-STRING" : "REST-HEADER";
}

/** Condition keys that are a header of the request, absent without it (so `Null` conditions see the difference). */
const headerConditions: readonly (readonly [condition: string, header: string])[] = [
    ["aws:UserAgent", "user-agent"],
    ["aws:Referer", "referer"],
    ["s3:if-none-match", "if-none-match"],
    ["s3:if-match", "if-match"],
    ...[
        "x-amz-acl",
        "x-amz-content-sha256",
        "x-amz-copy-source",
        "x-amz-metadata-directive",
        "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-aws-kms-key-id",
        "x-amz-server-side-encryption-customer-algorithm",
        "x-amz-storage-class",
    ].map((header) => [`s3:${header}`, header] as const),
];

/** Condition keys of an object's tags that exist, e.g. `s3:ExistingObjectTag/class`. */
export function existingTags(tags: Readonly<Record<string, string>> = {}): Context {
    return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));
}

/** Condition keys of tags that a request sets. */
export function requestedTags(tags: Readonly<Record<string, string>> | undefined): Context {
    if (tags === undefined) return {};
    const byName = Object.entries(tags).map(([key, value]) => [`s3:RequestObjectTag/${key}`, value] as const);
    return { ...Object.fromEntries<string>(byName), "s3:RequestObjectTagKeys": Object.keys(tags) };
}
