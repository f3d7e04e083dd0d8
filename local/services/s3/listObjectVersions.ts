import { authorizeBucket } from "./access";
import { invalidArgument } from "./errors";
import { listContext, listParametersOf, objectElements, ownerOf, page, timeOf } from "./listing";
import { sendXml } from "./respond";
import type { ObjectVersion } from "./store/types";
import { walkKeys } from "./store/walkKeys";
import type { BucketRequest } from "./types";
import { element } from "./xml";

/** ListObjectVersions: all versions and delete markers, by key, the newest of a key first. */
export function listObjectVersions(request: BucketRequest): void {
    const { bucket, call, environment, response } = request;
    authorizeBucket(request, "s3:ListBucketVersions", listContext(request));
    const parameters = listParametersOf(request);
    const { delimiter, encode, encodingType, maxKeys, prefix } = parameters;
    const keyMarker = call.query.get("key-marker") ?? "";
    const versionMarker = call.query.get("version-id-marker") ?? "";
    if (versionMarker !== "" && keyMarker === "") {
        const message = "A version-id marker cannot be specified without a key marker.";
        throw invalidArgument(message, "version-id-marker", versionMarker);
    }
    const { taken, truncated } = page(entriesAfter(request, prefix, delimiter, keyMarker, versionMarker), maxKeys);
    const last = truncated ? taken[taken.length - 1] : undefined;
    const owner = ownerOf(environment.account);
    const versions = taken.flatMap(({ version, isLatest }) => {
        if (version === undefined) return [];
        const { key, versionId, deleteMarker } = version;
        const identity = { Key: encode(key), VersionId: versionId, IsLatest: isLatest };
        return deleteMarker
            ? element("DeleteMarker", { ...identity, LastModified: timeOf(version.modified), Owner: owner })
            : element("Version", { ...identity, ...objectElements(version), Owner: owner });
    });
    const head = {
        Name: bucket.name,
        Prefix: encode(prefix),
        KeyMarker: encode(keyMarker),
        VersionIdMarker: versionMarker,
        NextKeyMarker: last && encode(last.name),
        NextVersionIdMarker: last?.version?.versionId,
        Delimiter: delimiter === "" ? undefined : encode(delimiter),
        MaxKeys: maxKeys,
        EncodingType: encodingType,
        IsTruncated: truncated,
    };
    const prefixes = taken.flatMap(({ version, name }) =>
        version ? [] : element("CommonPrefixes", { Prefix: encode(name) }),
    );
    const xml = Object.entries(head).map(([name, value]) => (value === undefined ? "" : element(name, value)));
    sendXml(response, "ListVersionsResult", { xml: [...xml, ...versions, ...prefixes].join("") });
}

interface Entry {
    /** The key, or the common prefix. */
    readonly name: string;
    readonly version?: ObjectVersion;
    readonly isLatest?: boolean;
}

function* entriesAfter(
    { bucket }: BucketRequest,
    prefix: string,
    delimiter: string,
    keyMarker: string,
    versionMarker: string,
): Generator<Entry> {
    const { index } = bucket.store;
    if (versionMarker !== "") {
        const versions = index.versions(keyMarker) ?? [];
        const position = versions.findIndex(({ versionId }) => versionId === versionMarker);
        const rest = position < 0 ? [] : versions.slice(position + 1);
        for (const version of rest) yield { name: keyMarker, version, isLatest: false };
    }
    const walk = { prefix, delimiter, after: keyMarker || undefined, afterPrefix: true };
    for (const step of walkKeys(index, walk, () => true)) {
        if (step.prefix !== undefined) yield { name: step.prefix };
        else
            for (const version of step.versions)
                yield { name: version.key, version, isLatest: version === step.versions[0] };
    }
}
