import * as s3 from "@aws-sdk/client-s3";
import type { Issue } from "../shared/issues";
import { unavailable } from "../shared/refusal";
import type { StoredFile } from "./database/files";
import { temporaryKey } from "./objectKeys";

/** The bucket that files arrive in. */
export interface UploadBucket {
    readonly client: s3.S3Client;
    readonly name: string;
    /** Id of the request that looks at it, for log lines. */
    readonly requestId?: string;
}

/** What lies under a file's temporary key. */
export type Arrival =
    | { readonly kind: "nothing" | "asAnnounced" }
    /** It is not what the client announced. */
    | { readonly kind: "other"; readonly issues: readonly Issue[] };

/**
 * Looks at what arrived for a file, and compares it with what was announced.
 *
 * @throws A refusal with status 503 when S3 does not answer.
 */
export async function arrivalOf(bucket: UploadBucket, file: StoredFile): Promise<Arrival> {
    const head = await headObject(bucket, temporaryKey(file));
    if (!head) {
        return { kind: "nothing" };
    }
    const differences = [
        { path: "len", same: head.ContentLength === file.len },
        { path: "type", same: head.ContentType === file.type },
        { path: "sha256", same: file.sha256 === null || head.ChecksumSHA256 === file.sha256 },
    ].filter(({ same }) => !same);
    return differences.length === 0
        ? { kind: "asAnnounced" }
        : {
              kind: "other",
              issues: differences.map(({ path }) => ({ path, message: "differs from what was announced" })),
          };
}

/** What S3 says of an object; `undefined` when it is not there. */
export async function headObject(
    { client, name, requestId }: UploadBucket,
    key: string,
): Promise<s3.HeadObjectOutput | undefined> {
    try {
        return await client.send(new s3.HeadObjectCommand({ Bucket: name, Key: key, ChecksumMode: "ENABLED" }));
    } catch (error) {
        const { name: code, $metadata } = error as s3.S3ServiceException;
        if ($metadata?.httpStatusCode === 404) {
            return undefined;
        }
        console.error({ requestId, object: key, error: { name: code, status: $metadata?.httpStatusCode } });
        throw unavailable("The storage did not answer; try again");
    }
}
