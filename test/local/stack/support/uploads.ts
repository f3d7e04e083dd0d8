import * as crypto from "node:crypto";
import { send, type Reply, type Stack } from "./stack";

/** What `POST /upload` answers. */
export interface Form {
    readonly file_id: string;
    readonly file_name: string;
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly expires_at: string;
}

/** A client of UploadPipeline. */
export interface UploadClient {
    /** `POST /upload`. */
    announce(file: object): Promise<Reply>;
    /** Announces a file with some content, and answers its form. */
    form(content: string | Uint8Array, more?: object): Promise<Form>;
    confirm(fileId: string): Promise<Reply>;
    consult(fileId: string): Promise<Reply>;
    /** Announces, sends and confirms a file. */
    upload(content: string | Uint8Array, more?: object): Promise<Form>;
    /** Asks until the file has a status, and answers the last answer. */
    until(fileId: string, status: string): Promise<Reply>;
}

/** A client with a token. */
export function uploadClient({ uploadPipelineUrl, localToken }: Stack, token = localToken): UploadClient {
    const authorization = `Bearer ${token}`;
    const post = (path: string, body: object) =>
        send(`${uploadPipelineUrl}${path}`, {
            method: "POST",
            headers: { authorization, "content-type": "application/json" },
            body: JSON.stringify(body),
        });
    const client: UploadClient = {
        announce: (file) => post("/upload", file),
        async form(content, more = {}) {
            const announced = {
                ...{ file_name: "report.txt", extension: ".txt", type: "text/plain", len: Buffer.byteLength(content) },
                ...more,
            };
            const { status, json, text } = await client.announce(announced);
            if (status !== 201) throw new Error(`POST /upload answered ${status}: ${text}`);
            return json as Form;
        },
        confirm: (file_id) => post("/confirm-upload", { file_id }),
        consult: (fileId) =>
            send(`${uploadPipelineUrl}/consult-status?file_id=${fileId}`, { headers: { authorization } }),
        async upload(content, more) {
            const form = await client.form(content, more);
            const sent = await sendForm(form, content);
            if (sent.status !== 201) throw new Error(`S3 answered ${sent.status}: ${sent.text}`);
            const confirmed = await client.confirm(form.file_id);
            if (confirmed.status !== 202) throw new Error(`Confirming answered ${confirmed.status}: ${confirmed.text}`);
            return form;
        },
        async until(fileId, status) {
            for (;;) {
                const answer = await client.consult(fileId);
                if (answer.json.status === status) return answer;
                if (["completed", "expired"].includes(answer.json.status)) {
                    throw new Error(`The file is ${answer.json.status} and will not be ${status}`);
                }
            }
        },
    };
    return client;
}

/** Sends a form as a browser does. */
export function sendForm({ url, fields }: Pick<Form, "url" | "fields">, content: string | Uint8Array): Promise<Reply> {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) {
        data.append(name, value);
    }
    data.append("file", new Blob([content]), "chosen by the user.bin");
    return send(url, { method: "POST", body: data });
}

/** As S3 and forms write it. */
export function sha256(content: string | Uint8Array): string {
    return crypto.createHash("sha256").update(content).digest("base64");
}
