import type { ObjectVersion } from "./types";

/** The versions of all keys of a bucket, in memory, in the order in which S3 lists them. */
export interface KeyIndex {
    /** Number of keys. */
    readonly size: number;
    /** Newest first; undefined when the key has none. */
    versions(key: string): readonly ObjectVersion[] | undefined;
    /** Adds a version as the newest; answers the one whose place it took. */
    put(version: ObjectVersion): ObjectVersion | undefined;
    /** Answers the version removed. */
    remove(key: string, versionId: string): ObjectVersion | undefined;
    /** All keys in {@link sortable} form, ascending. Valid until the next change. */
    sorted(): readonly string[];
    /** Position in {@link sorted} of the first key that is not less than `bound`. */
    lowerBound(bound: string): number;
    /** Like {@link versions}, by a key of {@link sorted}. */
    at(sortableKey: string): readonly ObjectVersion[];
}

/**
 * A key with one character for each UTF-8 byte: so the order of JavaScript strings is the binary order that S3 lists in. ASCII stays
 * as it is.
 */
export function sortable(key: string): string {
    return ascii.test(key) ? key : Buffer.from(key, "utf8").toString("latin1");
}

/** The reverse of {@link sortable}. */
export function fromSortable(text: string): string {
    return ascii.test(text) ? text : Buffer.from(text, "latin1").toString("utf8");
}

const ascii = /^[\x00-\x7f]*$/;

/** Makes an empty index. Filling it is quick: keys are sorted when first listed. */
export function createKeyIndex(): KeyIndex {
    const byKey = new Map<string, ObjectVersion[]>();
    let keys: string[] | undefined;

    const sorted = () => (keys ??= Array.from(byKey.keys()).sort());

    return {
        get size() {
            return byKey.size;
        },
        versions: (key) => byKey.get(sortable(key)),
        put(version) {
            const key = sortable(version.key);
            const versions = byKey.get(key);
            if (versions === undefined) {
                byKey.set(key, [version]);
                keys?.splice(lowerBound(keys, key), 0, key);
                return undefined;
            }
            const replaced = version.versionId === "null" ? takeOut(versions, "null") : undefined;
            versions.unshift(version);
            return replaced;
        },
        remove(key, versionId) {
            const name = sortable(key);
            const versions = byKey.get(name);
            if (versions === undefined) return undefined;
            const removed = takeOut(versions, versionId);
            if (versions.length === 0) {
                byKey.delete(name);
                keys?.splice(lowerBound(keys, name), 1);
            }
            return removed;
        },
        sorted,
        lowerBound: (bound) => lowerBound(sorted(), bound),
        at: (sortableKey) => byKey.get(sortableKey) ?? [],
    };
}

function takeOut(versions: ObjectVersion[], versionId: string): ObjectVersion | undefined {
    const index = versions.findIndex((version) => version.versionId === versionId);
    return index < 0 ? undefined : versions.splice(index, 1)[0];
}

function lowerBound(keys: readonly string[], bound: string): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (keys[middle] < bound) low = middle + 1;
        else high = middle;
    }
    return low;
}
