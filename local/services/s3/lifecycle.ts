import { deletionOf } from "./deleteObject";
import { newest } from "./writeObject";
import type { ObjectVersion } from "./store/types";
import { walkKeys } from "./store/walkKeys";
import type { Bucket } from "./types";

/** A rule of a bucket's lifecycle configuration, as declared. Transitions are kept, but no object changes its storage class. */
export interface LifecycleRule {
    readonly id: string;
    readonly status: string;
    readonly prefix?: string;
    readonly filter?: LifecycleConditions & {
        readonly tag?: { readonly key: string; readonly value: string };
        readonly and?: LifecycleConditions & { readonly tags?: Readonly<Record<string, string>> };
    };
    readonly expiration?: {
        readonly days?: number;
        readonly date?: string;
        readonly expiredObjectDeleteMarker?: boolean;
    };
    readonly noncurrentVersionExpiration?: {
        readonly noncurrentDays: number;
        readonly newerNoncurrentVersions?: number;
    };
    readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation?: number };
    readonly transitions?: readonly { readonly days?: number; readonly date?: string; readonly storageClass: string }[];
    readonly noncurrentVersionTransitions?: readonly {
        readonly noncurrentDays: number;
        readonly newerNoncurrentVersions?: number;
        readonly storageClass: string;
    }[];
}

/** Conditions that a filter, or its `and`, may have. Sizes are in bytes. */
export interface LifecycleConditions {
    readonly prefix?: string;
    readonly objectSizeGreaterThan?: number;
    readonly objectSizeLessThan?: number;
}

/**
 * Does what a bucket's lifecycle rules ask for at a time: expires objects, removes old versions and lone delete markers, aborts uploads. What
 * a request changes meanwhile is left alone.
 *
 * @param now milliseconds since 1970
 */
export async function sweepBucket(bucket: Bucket, now: number): Promise<void> {
    for (const rule of bucket.config.lifecycle) {
        if (rule.status !== "Enabled") continue;
        const walk = walkKeys(bucket.store.index, { prefix: prefixOf(rule), delimiter: "" }, () => true);
        const keys = Array.from(walk, (step) => ("versions" in step ? [...step.versions] : []));
        for (const versions of keys) {
            await expireCurrent(bucket, rule, versions, now);
            await expireNoncurrent(bucket, rule, versions, now);
        }
        await abortUploads(bucket, rule, now);
    }
}

async function expireCurrent(
    bucket: Bucket,
    rule: LifecycleRule,
    versions: readonly ObjectVersion[],
    now: number,
): Promise<void> {
    const [current] = versions;
    const { days, date, expiredObjectDeleteMarker } = rule.expiration ?? {};
    const due = isDue(current.modified, days, now) || (date !== undefined && Date.parse(date) <= now);
    const { key, versionId } = current;
    if (current.deleteMarker) {
        if (versions.length > 1 || !(due || expiredObjectDeleteMarker)) return;
        const alone = () => newest(bucket, key) === current && bucket.store.index.versions(key)?.length === 1;
        await bucket.store.commit(key, () => (alone() ? { remove: { key, versionId } } : undefined));
    } else if (due && appliesTo(rule, current)) {
        await bucket.store.commit(key, () => (newest(bucket, key) === current ? deletionOf(bucket, key) : undefined));
    }
}

async function expireNoncurrent(
    bucket: Bucket,
    rule: LifecycleRule,
    versions: readonly ObjectVersion[],
    now: number,
): Promise<void> {
    const { noncurrentDays, newerNoncurrentVersions = 0 } = rule.noncurrentVersionExpiration ?? {};
    if (noncurrentDays === undefined) return;
    for (const [index, version] of versions.entries()) {
        // A version is noncurrent since the next newer one was made.
        if (index <= newerNoncurrentVersions || !isDue(versions[index - 1].modified, noncurrentDays, now)) continue;
        if (!appliesTo(rule, version)) continue;
        const { key, versionId } = version;
        const unchanged = () => newest(bucket, key) !== version && bucket.store.index.versions(key)?.includes(version);
        await bucket.store.commit(key, () => (unchanged() ? { remove: { key, versionId } } : undefined));
    }
}

async function abortUploads({ store }: Bucket, rule: LifecycleRule, now: number): Promise<void> {
    for (const { uploadId, key, initiated } of [...store.uploads.values()]) {
        const days = rule.abortIncompleteMultipartUpload?.daysAfterInitiation;
        if (!key.startsWith(prefixOf(rule)) || !isDue(initiated, days, now)) continue;
        await store.commit(key, () => (store.uploads.has(uploadId) ? { end: uploadId } : undefined));
    }
}

const day = 24 * 60 * 60 * 1000;

/** S3 acts at the midnight (UTC) that follows the given number of whole days. */
function isDue(since: number, days: number | undefined, now: number): boolean {
    return days !== undefined && Math.ceil((since + days * day) / day) * day <= now;
}

function prefixOf({ filter, prefix }: LifecycleRule): string {
    return filter?.and?.prefix ?? filter?.prefix ?? prefix ?? "";
}

function appliesTo({ filter }: LifecycleRule, { size, tags = {} }: ObjectVersion): boolean {
    const wanted = { ...filter?.and?.tags, ...(filter?.tag && { [filter.tag.key]: filter.tag.value }) };
    const greaterThan = filter?.and?.objectSizeGreaterThan ?? filter?.objectSizeGreaterThan ?? -1;
    const lessThan = filter?.and?.objectSizeLessThan ?? filter?.objectSizeLessThan ?? Infinity;
    return size > greaterThan && size < lessThan && Object.entries(wanted).every(([key, value]) => tags[key] === value);
}
