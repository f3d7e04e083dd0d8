import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { awsError } from "../../../errors";
import type { Checksum } from "../../../sigv4/checksums";
import { coalesce } from "../../../storage/coalesce";
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
     * @param size undefined when nobody said how many bytes will come
     * @param sum is given all bytes
     * @throws IncompleteBody when the body has not exactly `size` bytes
     */
    receive(body: AsyncIterable<Buffer>, size?: number, sum?: Checksum): Promise<Received>;
    /**
     * Gives existing files, of this folder or another, a second name here, durably; so bytes are copied only where the file system cannot
     * do that. Blobs are never changed, so it does not matter that both names mean the same bytes.
     */
    adopt(files: readonly { readonly path: string; readonly size: number }[]): Promise<Blob[]>;
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
        async receive(body, size, sum) {
            const id = crypto.randomBytes(16).toString("hex");
            const handle = await fs.promises.open(file(id), "wx");
            try {
                const written = await write(body, handle, size, sum);
                await handle.datasync();
                await handle.close();
                await syncFolder();
                return { id, ...written };
            } catch (error) {
                await handle.close();
                await fs.promises.rm(file(id), { force: true });
                throw error;
            }
        },
        async adopt(files) {
            const adopted = files.map(({ size }) => ({ id: crypto.randomBytes(16).toString("hex"), size }));
            try {
                for (const [index, { id }] of adopted.entries()) await linkOrCopy(files[index].path, file(id));
                await syncFolder();
                return adopted;
            } catch (error) {
                await Promise.all(adopted.map(({ id }) => fs.promises.rm(file(id), { force: true })));
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

async function write(
    body: AsyncIterable<Buffer>,
    handle: fs.promises.FileHandle,
    expected: number | undefined,
    sum: Checksum | undefined,
): Promise<{ size: number; md5: string }> {
    const hash = crypto.createHash("md5");
    let size = 0;
    for await (const chunk of body) {
        size += chunk.length;
        if (expected !== undefined && size > expected) throw incompleteBody();
        // The disk works meanwhile, in a thread of its own.
        const writing = writeAll(handle, chunk);
        hash.update(chunk);
        sum?.update(chunk);
        await writing;
    }
    if (expected !== undefined && size < expected) throw incompleteBody();
    return { size, md5: hash.digest("hex") };
}

async function writeAll(handle: fs.promises.FileHandle, chunk: Buffer): Promise<void> {
    for (let done = 0; done < chunk.length;) done += (await handle.write(chunk, done)).bytesWritten;
}

async function linkOrCopy(from: string, to: string): Promise<void> {
    try {
        await fs.promises.link(from, to);
    } catch (error) {
        if (!cannotLink.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
        await fs.promises.copyFile(from, to, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE);
        const handle = await fs.promises.open(to, "r+");
        await handle.datasync().finally(() => handle.close());
    }
}

/** File systems without hard links, or with too many of them. */
const cannotLink: ReadonlySet<string> = new Set(["EPERM", "EXDEV", "EMLINK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

function incompleteBody(): Error {
    const message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
    return awsError("IncompleteBody", 400, message);
}
