import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { awsError } from "../../../errors";
import { coalesce } from "./coalesce";
import type { Blob } from "./types";

/** A blob just written, with the MD5 of its bytes in hex. */
export interface Received extends Blob {
    readonly md5: string;
}

/** The files that hold the bytes of a bucket's objects. A file counts only once a journal line names it. */
export interface Blobs {
    /**
     * Streams a body into a new file and makes it durable. When the body fails (client gone, checksum wrong), the file is removed and the
     * error thrown on.
     *
     * @throws IncompleteBody when the body has not exactly `size` bytes
     */
    receive(body: Readable, size: number): Promise<Received>;
    path(id: string): string;
    /** Removes files; one that is held goes when it is released. */
    discard(blobs: Iterable<Blob>): Promise<void>;
    /** Keeps files readable until the answer is called, whatever happens to their object. */
    hold(blobs: readonly Blob[]): () => void;
    close(): Promise<void>;
}

/** Opens an existing folder of blobs, and removes all that `known` does not name: leftovers of uploads that a crash cut off. */
export async function openBlobs(folder: string, known: ReadonlySet<string>): Promise<Blobs> {
    for (const name of fs.readdirSync(folder)) {
        if (!known.has(name)) fs.rmSync(path.join(folder, name));
    }
    const folderHandle = await fs.promises.open(folder, "r");
    const syncFolder = coalesce(() => folderHandle.sync());
    const held = new Map<string, number>();
    const doomed = new Set<string>();
    const file = (id: string) => path.join(folder, id);

    return {
        path: file,
        async receive(body, size) {
            const id = crypto.randomBytes(16).toString("hex");
            const handle = await fs.promises.open(file(id), "wx");
            try {
                const md5 = await write(body, handle, size);
                await handle.datasync();
                await handle.close();
                await syncFolder();
                return { id, size, md5 };
            } catch (error) {
                await handle.close();
                await fs.promises.rm(file(id), { force: true });
                throw error;
            }
        },
        async discard(blobs) {
            const free = [...blobs].filter(({ id }) => !held.has(id) || !doomed.add(id));
            await Promise.all(free.map(({ id }) => fs.promises.rm(file(id), { force: true })));
        },
        hold(blobs) {
            for (const { id } of blobs) held.set(id, (held.get(id) ?? 0) + 1);
            return () => {
                for (const { id } of blobs) release(id);
            };
        },
        close: () => folderHandle.close(),
    };

    function release(id: string): void {
        const readers = held.get(id) ?? 0;
        if (readers > 1) {
            held.set(id, readers - 1);
            return;
        }
        held.delete(id);
        if (doomed.delete(id)) fs.rmSync(file(id), { force: true });
    }
}

async function write(body: Readable, handle: fs.promises.FileHandle, expected: number): Promise<string> {
    const hash = crypto.createHash("md5");
    let size = 0;
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > expected) throw incompleteBody();
        hash.update(chunk);
        for (let done = 0; done < chunk.length;) done += (await handle.write(chunk, done)).bytesWritten;
    }
    if (size !== expected) throw incompleteBody();
    return hash.digest("hex");
}

function incompleteBody(): Error {
    const message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
    return awsError("IncompleteBody", 400, message);
}
