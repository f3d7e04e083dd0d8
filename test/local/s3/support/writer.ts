import { PutObjectCommand } from "@aws-sdk/client-s3";
import { bucket, startS3 } from "../../../support/s3Server";

/** Writes objects for ever, eight at a time, and prints the key of each that was acknowledged. */
async function main(dataDir: string): Promise<void> {
    const { client } = await startS3([bucket("bucket")], dataDir);
    const lane = async (name: number) => {
        for (let index = 0; ; index++) {
            const Key = `${name}-${index}`;
            await client.send(new PutObjectCommand({ Bucket: "bucket", Key, Body: Key.repeat(1000) }));
            process.stdout.write(`${Key}\n`);
        }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => lane(name)));
}

void main(process.argv[2]);
