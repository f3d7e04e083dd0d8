import * as crypto from "node:crypto";
import { countBy } from "./findings";
import { limiter } from "./parallel";
import { sendPatiently } from "./send";
import { jsonOf } from "./tally";
import type { LoadContext, Sent, SystemLoad } from "./types";
import { auditFiles, type ConfirmedFile } from "./uploadsAudit";

/**
 * UploadPipeline: each request announces a small file of its own; each form that is given out is then sent and confirmed, as a client does.
 * A confirmation that was accepted promises that the file is completed, once, and stays as it was sent.
 */
export function uploadsLoad(context: LoadContext): SystemLoad {
    const { target, connections, tally } = context;
    const { limit, following } = { limit: limiter(connections), following: [] as Promise<string>[] };
    const confirmed: ConfirmedFile[] = [];
    const url = target.outputs.uploadPipelineUrl;
    const headers = {
        authorization: `Bearer ${target.token}`,
        "content-type": "application/json",
        "user-agent": "quartet-load",
    };

    /** Sends and confirms a file. @returns How far it came. */
    const upload = async ({ id, answer }: Sent): Promise<string> => {
        const form = jsonOf(answer!.body) as unknown as Form | undefined;
        if (!form?.fields) {
            return "announced, without a form";
        }
        const content = contentOf(context.run, id);
        const stored = await sendPatiently("send the form", formRequest(form, content), tally);
        if (stored?.status !== 201 && stored?.status !== 204) {
            return "announced, and not sent";
        }
        const request = { method: "POST", url: `${url}/confirm-upload`, headers } as const;
        const body = JSON.stringify({ file_id: form.file_id });
        const answered = await sendPatiently("POST /confirm-upload", { ...request, body }, tally);
        if (answered?.status !== 202) {
            return "sent, and not confirmed";
        }
        confirmed.push({ id, fileId: form.file_id, fileName: form.file_name, content });
        return "confirmed";
    };

    return {
        step: "POST /upload",
        // A form that was given out and got lost is no promise, and expires.
        repeats: false,
        request: (id) => ({
            method: "POST",
            url: `${url}/upload`,
            headers,
            body: JSON.stringify({
                ...{ file_name: `load-${id}.txt`, extension: ".txt", type: "text/plain" },
                len: Buffer.byteLength(contentOf(context.run, id)),
                sha256: crypto.createHash("sha256").update(contentOf(context.run, id)).digest("base64"),
            }),
        }),
        follow(sent) {
            if (sent.answer!.status === 201) {
                following.push(limit(() => upload(sent)));
            }
        },
        async audit() {
            const came = countBy(await Promise.all(following));
            const { confirmed: _, ...others } = came;
            const { findings, ends } = await auditFiles(confirmed, context);
            return { accepted: confirmed.length, findings, ends: { ...others, ...ends } };
        },
    };
}

function contentOf(run: string, id: string): string {
    return `load ${run} ${id}\n`;
}

interface Form {
    readonly file_id: string;
    readonly file_name: string;
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
}

/** A form as a browser sends it: its fields, and then the file. */
function formRequest({ url, fields }: Form, content: string) {
    const body = new FormData();
    Object.entries(fields).forEach(([name, value]) => body.append(name, value));
    body.append("file", new Blob([content]));
    return { method: "POST", url, headers: {}, body } as const;
}
