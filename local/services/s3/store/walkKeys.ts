import { fromSortable, sortable } from "./keyIndex";
import type { KeyIndex } from "./keyIndex";
import type { ObjectVersion } from "./types";

/** Which keys to walk over. */
export interface Walk {
    readonly prefix: string;
    /** Keys that have it after the prefix are rolled up; empty: none. */
    readonly delimiter: string;
    /** Only what comes after this key, or common prefix. */
    readonly after?: string;
    /** Whether `after`, being a common prefix, has been listed already, with all keys under it. */
    readonly afterPrefix?: boolean;
}

/** A step of a walk: a common prefix, or a key with its versions, newest first. */
export type Step =
    { readonly prefix: string } | { readonly prefix?: undefined; readonly versions: readonly ObjectVersion[] };

/**
 * Walks over keys in UTF-8 binary order, as all list operations of S3 do. A common prefix costs one search, however many keys are
 * under it. The index must not change meanwhile.
 */
export function* walkKeys(
    index: KeyIndex,
    walk: Walk,
    visible: (versions: readonly ObjectVersion[]) => boolean,
): Generator<Step> {
    const keys = index.sorted();
    const prefix = sortable(walk.prefix);
    const delimiter = sortable(walk.delimiter);

    let position = index.lowerBound(startOf(walk, prefix, delimiter));
    while (position < keys.length && keys[position].startsWith(prefix)) {
        const key = keys[position];
        const versions = index.at(key);
        if (!visible(versions)) {
            position++;
            continue;
        }
        const common = commonPrefix(key, prefix, delimiter);
        if (common === undefined) {
            yield { versions };
            position++;
        } else {
            yield { prefix: fromSortable(common) };
            position = index.lowerBound(common + beyond);
        }
    }
}

/** Greater than every character of a sortable key. */
const beyond = "\u0100";

function startOf(walk: Walk, prefix: string, delimiter: string): string {
    if (walk.after === undefined) return prefix;
    const after = sortable(walk.after);
    if (walk.afterPrefix && after.startsWith(prefix) && commonPrefix(after, prefix, delimiter) === after)
        return after + beyond;
    return after < prefix ? prefix : `${after}\0`;
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
    if (delimiter === "") return undefined;
    const found = key.indexOf(delimiter, prefix.length);
    return found < 0 ? undefined : key.slice(0, found + delimiter.length);
}
