import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import { parseLock, type Lock } from "./lock";
import { parseS3Backend } from "./s3Backend";

/**
 * The locks in a folder of a backend; none when there is no such folder. A lock that vanishes meanwhile counts as none.
 *
 * @param url The backend, as `pulumi whoami` has it: `s3://…`, which is read with your AWS credentials, or `file://…`.
 * @param folder As of {@link lockFolder}.
 * @param cwd What a relative path of a `file://` backend begins at.
 * @throws When the backend is another, cannot be read, or has a lock that Pulumi did not write.
 */
export function readLocks(url: string, folder: string, cwd: string): Promise<Lock[]> {
    if (url.startsWith("s3://")) {
        return readBucket(url, folder);
    }
    if (url.startsWith("file://")) {
        return Promise.resolve(readFolder(filePath(url, cwd), folder));
    }
    throw new Error(
        `The backend is ${url}, and only locks in s3:// and file:// backends can be read: point PULUMI_BACKEND_URL to one, or use pulumi cancel itself.`,
    );
}

/** The path of a `file://` backend. Source: `massageBlobPath` of pulumi/pulumi, pkg/backend/diy/backend.go. */
function filePath(url: string, cwd: string): string {
    const place = decodeURIComponent(url.slice("file://".length).split("?")[0]);
    const home = place === "~" || place.startsWith("~/");
    return home ? path.join(os.homedir(), place.slice(1)) : path.resolve(cwd, place);
}

function readFolder(root: string, folder: string): Lock[] {
    const names = orWhenGone(() => fs.readdirSync(path.join(root, folder)), []);
    // Beside each file lies one with its attributes, `<name>.attrs`.
    return names
        .filter((name) => !name.endsWith(".attrs"))
        .flatMap((name) => {
            const text = orWhenGone(() => fs.readFileSync(path.join(root, folder, name), "utf8"), undefined);
            return text === undefined ? [] : [parseLock(folder + name, text)];
        });
}

function orWhenGone<T>(read: () => T, otherwise: T): T {
    try {
        return read();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return otherwise;
        }
        throw error;
    }
}

async function readBucket(url: string, folder: string): Promise<Lock[]> {
    const { bucket, prefix, config } = parseS3Backend(url);
    const client = new s3.S3Client(config);
    try {
        const locks: Lock[] = [];
        const pages = s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix + folder, Delimiter: "/" });
        for await (const { Contents = [] } of pages) {
            for (const { Key = "" } of Contents) {
                const text = await readObject(client, bucket, Key);
                if (text !== undefined) {
                    locks.push(parseLock(Key.slice(prefix.length), text));
                }
            }
        }
        return locks;
    } catch (error) {
        if (error instanceof s3.S3ServiceException) {
            const { name, message } = error;
            const needed = "it takes s3:ListBucket and s3:GetObject, and the use of the bucket's key";
            throw new Error(`The locks in ${bucket} can't be read (${name}: ${message}): ${needed}.`, { cause: error });
        }
        throw error;
    } finally {
        client.destroy();
    }
}

async function readObject(client: s3.S3Client, bucket: string, key: string): Promise<string | undefined> {
    try {
        const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await Body?.transformToString()) ?? "";
    } catch (error) {
        if (error instanceof s3.NoSuchKey) {
            return undefined;
        }
        throw error;
    }
}
