import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import { startS3 } from "../../support/s3Server";

/** Where a backend of Pulumi's keeps its files. */
export interface Store {
    readonly url: string;
    /** Keys of all locks. */
    locks(): Promise<string[]>;
    read(key: string): Promise<string>;
    write(key: string, text: string): Promise<void>;
    close(): Promise<void>;
}

/** A backend in a folder, in whose name there is what URLs escape. */
export function folderStore(): Promise<Store> {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-backend é-"));
    const files = () =>
        fs
            .readdirSync(root, { recursive: true, encoding: "utf8" })
            .filter((file) => file.includes("locks") && file.endsWith(".json"));
    return Promise.resolve({
        url: `file://${root}`,
        locks: () => Promise.resolve(files().sort()),
        read: (key) => Promise.resolve(fs.readFileSync(path.join(root, key), "utf8")),
        write: (key, text) => Promise.resolve(fs.writeFileSync(path.join(root, key), text)),
        close: () => Promise.resolve(fs.rmSync(root, { recursive: true })),
    });
}

/** A backend under a prefix of a bucket of the local S3. */
export async function bucketStore(): Promise<Store> {
    const server = await startS3();
    const Bucket = "bucket";
    return {
        url: `s3://${Bucket}/states?endpoint=${encodeURIComponent(server.url)}&s3ForcePathStyle=true&region=us-east-1`,
        async locks() {
            const Prefix = "states/.pulumi/locks/";
            const { Contents = [] } = await server.client.send(new s3.ListObjectsV2Command({ Bucket, Prefix }));
            return Contents.map(({ Key = "" }) => Key.slice("states/".length));
        },
        async read(key) {
            const answer = await server.client.send(new s3.GetObjectCommand({ Bucket, Key: `states/${key}` }));
            return answer.Body!.transformToString();
        },
        async write(key, Body) {
            await server.client.send(new s3.PutObjectCommand({ Bucket, Key: `states/${key}`, Body }));
        },
        close: () => server.close(),
    };
}
