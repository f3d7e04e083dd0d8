import { createPresignedPost, type PresignedPost } from "@aws-sdk/s3-presigned-post";
import type { PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import type { SignedServer } from "./signedServer";

/** A form for the key `k` of the bucket `bucket`, signed by the role. */
export function presign(server: SignedServer, options: Partial<PresignedPostOptions> = {}): Promise<PresignedPost> {
    return createPresignedPost(server.client, { Bucket: "bucket", Key: "k", ...options });
}

/** Changes to a form: other values, or none (undefined). */
export type Changes = Readonly<Record<string, string | undefined>>;

/** Sends a form as a browser does. */
export async function post(
    { url, fields }: PresignedPost,
    content: string | Buffer,
    changes: Changes = {},
    { fileName = "file.txt", headers = {} }: { fileName?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; body: string }> {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...changes })) {
        if (value !== undefined) form.append(name, value);
    }
    form.append("file", new Blob([content]), fileName);
    const answer = await fetch(url, { method: "POST", body: form, headers, redirect: "manual" });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

/** `Code: message` of an error. */
export function errorOf(body: string): string {
    const text = (name: string) =>
        (new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? "").replace(/&quot;/g, '"');
    return `${text("Code")}: ${text("Message")}`;
}
