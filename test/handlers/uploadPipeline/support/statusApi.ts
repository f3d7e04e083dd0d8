import * as events from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { check } from "../../../../handlers/shared/issues";
import { reportSchema } from "../../../../handlers/uploadPipeline/routes";
import { isStep, type Status } from "../../../../handlers/uploadPipeline/statuses";
import { CAUSE_HEADER, STATUS_HEADER } from "../../../../handlers/uploadPipeline/reportHeaders";
import { authenticate } from "../../../../local/gateway/authenticate";
import { createCredentials, type IssuedCredentials } from "../../../../local/gateway/credentials";

/** A change of a file's status. */
export interface Change {
    readonly status: Status;
    readonly details?: string;
    /** The request that caused it, as the report says. */
    readonly cause?: string;
}

/** `POST /update-status` over files in memory: it answers as the handler does, and lets in whom IAM would. */
export interface StatusApi {
    readonly url: string;
    /** Of the worker's role. */
    readonly keys: IssuedCredentials;
    /** What became of each file since it was added, oldest first, by its id. */
    readonly history: Map<string, Change[]>;
    /** Makes a file known. */
    add(fileId: string, status: Status): void;
    close(): Promise<void>;
}

/** Starts the API. It answers 403 to what the worker's role did not sign. */
export async function startStatusApi(): Promise<StatusApi> {
    const credentials = createCredentials();
    const role = { type: "role", roleArn: "arn:aws:iam::123456789012:role/promote", sessionName: "promote" } as const;
    const history = new Map<string, Change[]>();
    const listener = http.createServer((request, response) => {
        void authenticate(request, credentials, { requestId: "r" })
            .then(async ({ body, headers, service }) => {
                const sent = Buffer.concat(await Array.fromAsync(body as AsyncIterable<Buffer>)).toString();
                const cause = headers[CAUSE_HEADER] as string | undefined;
                return service === "execute-api" ? take(JSON.parse(sent), history, cause) : { code: 403 };
            })
            .catch(() => ({ code: 403 }))
            .then(({ code, status }: { code: number; status?: Status }) =>
                response.writeHead(code, status && { [STATUS_HEADER]: status }).end("{}"),
            );
    });
    await events.once(listener.listen(0, "127.0.0.1"), "listening");
    return {
        url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
        keys: credentials.issue(role, { durationSeconds: 3600 }),
        history,
        add: (fileId, status) => void history.set(fileId, [{ status }]),
        async close() {
            listener.closeAllConnections();
            await new Promise((resolve) => listener.close(resolve));
        },
    };
}

function take(sent: unknown, history: StatusApi["history"], cause?: string): { code: number; status?: Status } {
    const { output: report } = check(reportSchema(), sent) as {
        output?: { file_id: string; status: Status; details?: string };
    };
    if (!report) {
        return { code: 400 };
    }
    const { file_id, ...change } = report;
    const changes = history.get(file_id);
    if (!changes) {
        return { code: 404 };
    }
    const { status } = changes.at(-1)!;
    if (status !== change.status) {
        if (!isStep(status, change.status)) {
            return { code: 409, status };
        }
        changes.push({ ...change, cause });
    }
    return { code: 200, status: change.status };
}
