import * as v from "valibot";
import { answer, expectStatus } from "../expect";
import { formSecrets } from "../mask";
import { once } from "../once";
import { send, type Reply } from "../send";
import type { Target } from "../target";
import type { Context } from "../types";

/** What the file holds. */
export const CONTENT = "smoke";

/** What `POST /upload` answers. */
export type Form = v.InferOutput<ReturnType<typeof formSchema>>;

/** The calls of UploadPipeline's clients. */
export interface UploadCalls {
    announce(token?: string): Promise<Reply>;
    sendForm(form: Pick<Form, "url" | "fields">, content: string): Promise<Reply>;
    confirm(fileId: string): Promise<Reply>;
    /** @param token @default the client's */
    consult(fileId: string, token?: string): Promise<Reply>;
}

export function uploadCalls({ urls: { uploads }, token: clientToken }: Target): UploadCalls {
    const post = (path: string, body: object, token?: string) =>
        send({
            ...{ method: "POST", url: `${uploads}${path}`, body: JSON.stringify(body) },
            headers: {
                "content-type": "application/json",
                ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            },
        });
    return {
        announce: (token) => post("/upload", FILE, token),
        sendForm({ url, fields }, content) {
            const body = new FormData();
            Object.entries(fields).forEach(([name, value]) => body.append(name, value));
            body.append("file", new Blob([content]), FILE.file_name);
            return send({ method: "POST", url, body });
        },
        confirm: (file_id) => post("/confirm-upload", { file_id }, clientToken()),
        consult: (fileId, token = clientToken()) =>
            send({
                url: `${uploads}/consult-status?file_id=${encodeURIComponent(fileId)}`,
                headers: { authorization: `Bearer ${token}` },
            }),
    };
}

/** The steps of the one file that the checks are about, each made when a check needs it. */
export function uploadSteps({ target, leave }: Context, calls: UploadCalls) {
    const form = once(async () => {
        const announced = answer(await calls.announce(target.token()), 201, formSchema());
        target.secrets.add(...formSecrets(announced.fields));
        leave(
            `file ${announced.file_id} (${FILE.len} bytes, ${FILE.file_name}): UploadPipeline deletes no file; one that was not sent expires`,
        );
        return announced;
    });
    const sent = once(async () => {
        const announced = await form();
        expectStatus(await calls.sendForm(announced, CONTENT), 201);
        return announced;
    });
    return { form, sent };
}

const FILE = { file_name: "smoke.txt", extension: ".txt", len: CONTENT.length, type: "text/plain" };

function formSchema() {
    return v.object({
        file_id: v.string(),
        url: v.pipe(v.string(), v.url()),
        fields: v.intersect([v.object({ key: v.string() }), v.record(v.string(), v.string())]),
    });
}

/** Schema of what `GET /consult-status` answers. */
export function fileStatus() {
    return v.object({ status: v.string(), details: v.optional(v.string()) });
}
