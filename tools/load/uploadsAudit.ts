import * as s3 from "@aws-sdk/client-s3";
import { destinationKey } from "../../handlers/uploadPipeline/objectKeys";
import { countBy } from "./findings";
import { eachOf, settle } from "./parallel";
import { sendOnce } from "./send";
import { jsonOf } from "./tally";
import type { Finding, LoadContext } from "./types";

/** A file whose confirmation was accepted. */
export interface ConfirmedFile {
    /** Of the request that announced it. */
    readonly id: string;
    readonly fileId: string;
    readonly fileName: string;
    readonly content: string;
}

/** Waits until each file has its last status, and looks whether it was completed once and lies in its place as it was sent. */
export async function auditFiles(
    files: readonly ConfirmedFile[],
    context: LoadContext,
): Promise<{ readonly findings: Finding[]; readonly ends: Record<string, number> }> {
    const seen = await lastStatuses(files, context);
    const findings = await eachOf(files, context.connections, async (file) => [
        ...statusFinding(file, seen.get(file.id), context.settleSeconds),
        ...(await placeFinding(file, context)),
    ]);
    const statuses = files.map(({ id }) => seen.get(id)?.status ?? "unknown");
    return { findings: findings.flat(), ends: countBy(statuses.sort()) };
}

interface FileStatus {
    readonly status: string;
    readonly details?: string;
    readonly history: readonly { readonly status: string }[];
}

/** The last status that was seen of each file. */
async function lastStatuses(
    files: readonly ConfirmedFile[],
    { target, tally, settleSeconds: seconds, connections: atOnce }: LoadContext,
): Promise<Map<string, FileStatus>> {
    const seen = new Map<string, FileStatus>();
    const headers = { authorization: `Bearer ${target.token}`, "user-agent": "quartet-load" };
    const look = async ({ id, fileId }: ConfirmedFile) => {
        const url = `${target.outputs.uploadPipelineUrl}/consult-status?file_id=${fileId}`;
        const answer = await sendOnce("GET /consult-status", { method: "GET", url, headers }, tally);
        if (answer?.status === 200) {
            seen.set(id, jsonOf(answer.body) as unknown as FileStatus);
        }
        return answer?.status === 404 || ["completed", "expired"].includes(seen.get(id)?.status ?? "");
    };
    await settle(files, look, { seconds, atOnce });
    return seen;
}

function statusFinding({ id }: ConfirmedFile, file: FileStatus | undefined, seconds: number): Finding[] {
    if (file?.status !== "completed") {
        const { status = "unknown", details } = file ?? {};
        const seen = `${status}${details ? ` (${details})` : ""} after ${seconds} s without any progress`;
        return [{ kind: "missing", id, seen: status === "expired" ? status : seen }];
    }
    const times = file.history.filter(({ status }) => status === "completed").length;
    return times === 1 ? [] : [{ kind: "doubled", id, seen: `completed ${times} times` }];
}

async function placeFinding({ id, content, ...file }: ConfirmedFile, { target }: LoadContext): Promise<Finding[]> {
    const Bucket = target.outputs.uploadBucket;
    const Key = destinationKey({ ...file, clientId: target.clientId });
    try {
        const { Body } = await target.storage.send(new s3.GetObjectCommand({ Bucket, Key }));
        const same = (await Body!.transformToString()) === content;
        return same ? [] : [{ kind: "wrong", id, seen: `${Key} is not what was sent` }];
    } catch (error) {
        if (error instanceof s3.NoSuchKey) {
            return [{ kind: "missing", id, seen: `${Key} is not in the bucket` }];
        }
        throw error;
    }
}
