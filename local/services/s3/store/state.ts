import { createKeyIndex } from "./keyIndex";
import type { KeyIndex } from "./keyIndex";
import type { Blob, Change, Part, Upload } from "./types";

/** What a bucket's journal says, in memory. */
export interface State {
    readonly index: KeyIndex;
    readonly uploads: ReadonlyMap<string, Upload>;
    /** Parts of an upload by number; empty when the upload is unknown. */
    parts(uploadId: string): ReadonlyMap<number, Part>;
    /** Makes a change; answers the blobs that nothing needs any more. */
    apply(change: Change): readonly Blob[];
    /** Number of changes that {@link changes} gives. */
    entries(): number;
    /** The fewest changes that lead here. */
    changes(): Iterable<Change>;
    blobIds(): Set<string>;
}

const noParts: ReadonlyMap<number, Part> = new Map();

/** Makes the state of an empty bucket. */
export function createState(): State {
    const index = createKeyIndex();
    const uploads = new Map<string, Upload>();
    const partsOf = new Map<string, Map<number, Part>>();

    return {
        index,
        uploads,
        parts: (uploadId) => partsOf.get(uploadId) ?? noParts,
        apply({ put, remove, upload, part, end }) {
            const dropped: Blob[] = [];
            if (put) dropped.push(...(index.put(put)?.blobs ?? []));
            if (remove) dropped.push(...(index.remove(remove.key, remove.versionId)?.blobs ?? []));
            if (upload) start(upload);
            if (part) dropped.push(...replacePart(part.uploadId, part.part));
            if (end !== undefined) dropped.push(...endUpload(end, put?.blobs ?? []));
            return dropped;
        },
        entries: () => Array.from(changes()).length,
        changes,
        blobIds: () => new Set(Array.from(changes()).flatMap(blobsOf)),
    };

    function start(upload: Upload): void {
        uploads.set(upload.uploadId, upload);
        partsOf.set(upload.uploadId, new Map());
    }

    function replacePart(uploadId: string, part: Part): Blob[] {
        const parts = partsOf.get(uploadId);
        const before = parts?.get(part.number);
        parts?.set(part.number, part);
        return before ? [before] : [];
    }

    function endUpload(uploadId: string, kept: readonly Blob[]): Blob[] {
        const keptIds = new Set(kept.map(({ id }) => id));
        const parts = [...(partsOf.get(uploadId)?.values() ?? [])];
        uploads.delete(uploadId);
        partsOf.delete(uploadId);
        return parts.filter(({ id }) => !keptIds.has(id));
    }

    function* changes(): Generator<Change> {
        for (const key of index.sorted()) {
            for (const put of [...index.at(key)].reverse()) yield { put };
        }
        for (const upload of uploads.values()) yield { upload };
        for (const [uploadId, parts] of partsOf) {
            for (const part of parts.values()) yield { part: { uploadId, part } };
        }
    }
}

function blobsOf({ put, part }: Change): string[] {
    return [...(put?.blobs ?? []), ...(part ? [part.part] : [])].map(({ id }) => id);
}
