import * as s3 from "@aws-sdk/client-s3";
import type { PromoteStage } from "./promoteStage";

/** An object with all that a copy must keep. */
export async function objectAt({ s3: { client } }: PromoteStage, Key: string) {
    const got = await client.send(new s3.GetObjectCommand({ Bucket: "bucket", Key, ChecksumMode: "ENABLED" }));
    const { ContentType, ContentLength, Metadata, ChecksumSHA256, ETag } = got;
    return { body: await got.Body!.transformToString(), ContentType, ContentLength, Metadata, ChecksumSHA256, ETag };
}

/** Keys of all objects, sorted. */
export async function keysOf({ s3: { client } }: PromoteStage): Promise<string[]> {
    const { Contents = [] } = await client.send(new s3.ListObjectsV2Command({ Bucket: "bucket" }));
    return Contents.map(({ Key }) => Key!);
}

/** Writes an object past the proxies. */
export async function overwrite({ s3: { client } }: PromoteStage, Key: string, Body: string): Promise<void> {
    await client.send(new s3.PutObjectCommand({ Bucket: "bucket", Key, Body, ChecksumAlgorithm: "SHA256" }));
}
