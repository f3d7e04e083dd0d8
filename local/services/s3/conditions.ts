import type { AwsCall } from "../../gateway/types";
import { headerNotImplemented, noSuchKey, preconditionFailed } from "./errors";
import { headerOf } from "./headers";
import type { ObjectVersion } from "./store/types";

/** A condition that a write makes on what is there. */
export interface WriteCondition {
    readonly ifMatch?: string;
    readonly ifNoneMatch?: true;
}

/**
 * Reads the condition of a write.
 *
 * @throws NotImplemented for what S3 does not take: both headers, or an `If-None-Match` other than `*`
 */
export function writeConditionOf(call: AwsCall): WriteCondition {
    const ifMatch = headerOf(call, "if-match");
    const ifNoneMatch = headerOf(call, "if-none-match");
    if (ifNoneMatch === undefined) return ifMatch === undefined ? {} : { ifMatch };
    if (ifNoneMatch !== "*" || ifMatch !== undefined) throw headerNotImplemented("If-None-Match");
    return { ifNoneMatch: true };
}

/**
 * Checks a write's condition; `current` is the newest version, if any.
 *
 * @throws PreconditionFailed, or NoSuchKey when `If-Match` meets no object
 */
export function checkWrite(condition: WriteCondition, key: string, current: ObjectVersion | undefined): void {
    const exists = current !== undefined && !current.deleteMarker;
    if (condition.ifNoneMatch && exists) throw preconditionFailed("If-None-Match");
    if (condition.ifMatch === undefined) return;
    if (!exists) throw noSuchKey(key);
    if (!matches(condition.ifMatch, current.etag)) throw preconditionFailed("If-Match");
}

/**
 * Checks the conditions of a read; true when the answer is 304. A match of ETags overrides dates (RFC 9110, 13.2.2).
 *
 * @throws PreconditionFailed
 */
export function isNotModified(call: AwsCall, { etag, modified }: ObjectVersion): boolean {
    const ifMatch = headerOf(call, "if-match");
    const ifNoneMatch = headerOf(call, "if-none-match");
    const seconds = Math.floor(modified / 1000);
    if (ifMatch !== undefined) {
        if (!matches(ifMatch, etag)) throw preconditionFailed("If-Match");
    } else if (seconds > secondsOf(call, "if-unmodified-since", Infinity)) {
        throw preconditionFailed("If-Unmodified-Since");
    }
    if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag);
    return seconds <= secondsOf(call, "if-modified-since", -Infinity);
}

/**
 * Checks the conditions that a copy makes on its source.
 *
 * @throws PreconditionFailed
 */
export function checkCopySource(call: AwsCall, { etag, modified }: ObjectVersion): void {
    const ifMatch = headerOf(call, `${copySource}if-match`);
    const ifNoneMatch = headerOf(call, `${copySource}if-none-match`);
    const seconds = Math.floor(modified / 1000);
    if (ifMatch !== undefined) {
        if (!matches(ifMatch, etag)) throw preconditionFailed(`${copySource}If-Match`);
    } else if (seconds > secondsOf(call, `${copySource}if-unmodified-since`, Infinity)) {
        throw preconditionFailed(`${copySource}If-Unmodified-Since`);
    }
    if (ifNoneMatch !== undefined) {
        if (matches(ifNoneMatch, etag)) throw preconditionFailed(`${copySource}If-None-Match`);
    } else if (seconds <= secondsOf(call, `${copySource}if-modified-since`, -Infinity)) {
        throw preconditionFailed(`${copySource}If-Modified-Since`);
    }
}

const copySource = "x-amz-copy-source-";

function matches(header: string, etag: string): boolean {
    if (header.trim() === "*") return true;
    return header.split(",").some(
        (value) =>
            value
                .trim()
                .replace(/^W\//, "")
                .replace(/^"(.*)"$/, "$1") === etag,
    );
}

function secondsOf(call: AwsCall, header: string, absent: number): number {
    const time = Date.parse(headerOf(call, header) ?? "");
    return Number.isNaN(time) ? absent : Math.floor(time / 1000);
}
