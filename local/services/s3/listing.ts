import * as crypto from "node:crypto";
import { invalidArgument } from "./errors";
import { checksumAlgorithms } from "./checksums";
import type { ObjectVersion } from "./store/types";
import type { BucketRequest } from "./types";
import type { XmlChildren } from "./xml";

/** Parameters that all list operations of a bucket have. */
export interface ListParameters {
    readonly prefix: string;
    readonly delimiter: string;
    readonly maxKeys: number;
    /** Encodes names in the answer as `encoding-type` says. */
    readonly encode: (name: string) => string;
    /** `url`, or absent. */
    readonly encodingType?: string;
}

/**
 * Reads the parameters of a list operation.
 *
 * @throws InvalidArgument
 */
export function listParametersOf({ call: { query } }: BucketRequest): ListParameters {
    const encodingType = query.get("encoding-type") ?? undefined;
    if (encodingType !== undefined && encodingType !== "url") {
        throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encodingType);
    }
    return {
        prefix: query.get("prefix") ?? "",
        delimiter: query.get("delimiter") ?? "",
        maxKeys: maxKeysOf(query, "max-keys"),
        encode: encodingType === undefined ? (name) => name : urlEncode,
        encodingType,
    };
}

/** A page size between 0 and 1000. */
export function maxKeysOf(query: URLSearchParams, name: string): number {
    const text = query.get(name);
    if (text === null || text === "") return 1000;
    if (!/^\d{1,10}$/.test(text) || Number(text) > 2 ** 31 - 1) {
        throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
    }
    return Math.min(1000, Number(text));
}

/** Condition keys of the list actions, absent like the parameters they come from. */
export function listContext({ call: { query } }: BucketRequest): Record<string, string> {
    const context: Record<string, string> = {};
    for (const name of ["prefix", "delimiter", "max-keys"]) {
        const value = query.get(name);
        if (value !== null) context[`s3:${name}`] = value;
    }
    return context;
}

/** Takes up to `limit` steps, and looks whether there is one more. */
export function page<T>(steps: Iterable<T>, limit: number): { taken: T[]; truncated: boolean } {
    const taken: T[] = [];
    if (limit === 0) return { taken, truncated: false };
    for (const step of steps) {
        if (taken.length === limit) return { taken, truncated: true };
        taken.push(step);
    }
    return { taken, truncated: false };
}

/** What lists say about an object version. */
export function objectElements(object: ObjectVersion): XmlChildren {
    return {
        LastModified: timeOf(object.modified),
        ETag: `"${object.etag}"`,
        ChecksumAlgorithm: checksumAlgorithms(object.checksums),
        ChecksumType: object.checksumType,
        Size: object.size,
        StorageClass: object.storageClass ?? "STANDARD",
    };
}

/** The one owner of all buckets and objects: a canonical user id of the account. */
export function ownerOf(account: string): XmlChildren {
    return { ID: crypto.createHash("sha256").update(account).digest("hex") };
}

/** A time in XML: ISO 8601 in whole seconds, as S3 keeps them. */
export function timeOf(milliseconds: number): string {
    return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
}

/** As S3 encodes names: like a form, but `/` stays. */
function urlEncode(name: string): string {
    return encodeURIComponent(name)
        .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
        .replace(/%20/g, "+")
        .replace(/%2F/g, "/");
}
