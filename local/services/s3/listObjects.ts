import { authorizeBucket } from "./access";
import { invalidArgument } from "./errors";
import { listContext, listParametersOf, objectElements, ownerOf, page } from "./listing";
import type { ListParameters } from "./listing";
import { sendXml } from "./respond";
import { walkKeys } from "./store/walkKeys";
import type { Step, Walk } from "./store/walkKeys";
import type { BucketRequest } from "./types";
import type { XmlChildren } from "./xml";

/** ListObjectsV2: current objects in UTF-8 binary order of their keys. */
export function listObjectsV2(request: BucketRequest): void {
    const { call, environment, response } = request;
    authorizeBucket(request, "s3:ListBucket", listContext(request));
    const parameters = listParametersOf(request);
    const token = call.query.get("continuation-token");
    const startAfter = call.query.get("start-after") ?? undefined;
    const from = token === null ? { after: startAfter } : { after: fromToken(token), afterPrefix: true };
    const { steps, truncated } = listPage(request, parameters, from);
    const owner = call.query.get("fetch-owner") === "true" ? ownerOf(environment.account) : undefined;

    sendXml(response, "ListBucketResult", {
        ...commonElements(request, parameters, truncated),
        StartAfter: startAfter === undefined ? undefined : parameters.encode(startAfter),
        ContinuationToken: token ?? undefined,
        NextContinuationToken: truncated ? toToken(nameOf(steps[steps.length - 1])) : undefined,
        KeyCount: steps.length,
        ...contents(steps, parameters, owner),
    });
}

/** ListObjects, the first version of the operation. */
export function listObjects(request: BucketRequest): void {
    const { call, environment, response } = request;
    authorizeBucket(request, "s3:ListBucket", listContext(request));
    const parameters = listParametersOf(request);
    const marker = call.query.get("marker") ?? "";
    const { steps, truncated } = listPage(request, parameters, { after: marker || undefined, afterPrefix: true });
    const next = truncated && parameters.delimiter !== "" ? nameOf(steps[steps.length - 1]) : undefined;

    sendXml(response, "ListBucketResult", {
        ...commonElements(request, parameters, truncated),
        Marker: parameters.encode(marker),
        NextMarker: next === undefined ? undefined : parameters.encode(next),
        ...contents(steps, parameters, ownerOf(environment.account)),
    });
}

function listPage(
    { bucket }: BucketRequest,
    { prefix, delimiter, maxKeys }: ListParameters,
    from: Pick<Walk, "after" | "afterPrefix">,
): { steps: Step[]; truncated: boolean } {
    const walk = walkKeys(bucket.store.index, { prefix, delimiter, ...from }, ([newest]) => !newest.deleteMarker);
    const { taken, truncated } = page(walk, maxKeys);
    return { steps: taken, truncated };
}

function commonElements({ bucket }: BucketRequest, parameters: ListParameters, truncated: boolean): XmlChildren {
    const { delimiter, encode, encodingType, maxKeys, prefix } = parameters;
    return {
        Name: bucket.name,
        Prefix: encode(prefix),
        Delimiter: delimiter === "" ? undefined : encode(delimiter),
        MaxKeys: maxKeys,
        EncodingType: encodingType,
        IsTruncated: truncated,
    };
}

function contents(steps: readonly Step[], { encode }: ListParameters, owner: XmlChildren | undefined): XmlChildren {
    return {
        Contents: steps.flatMap((step) => {
            if (step.prefix !== undefined) return [];
            const [object] = step.versions;
            return { Key: encode(object.key), ...objectElements(object), Owner: owner };
        }),
        CommonPrefixes: steps.flatMap(({ prefix }) => (prefix === undefined ? [] : { Prefix: encode(prefix) })),
    };
}

function nameOf(step: Step): string {
    return step.prefix ?? step.versions[0].key;
}

function toToken(name: string): string {
    return Buffer.from(`1${name}`, "utf8").toString("base64url");
}

function fromToken(token: string): string {
    const text = Buffer.from(token, "base64url").toString("utf8");
    if (!text.startsWith("1"))
        throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
    return text.slice(1);
}
