import { requestSigner } from "../shared/sigv4";
import { defect } from "./defect";
import { CAUSE_HEADER, STATUS_HEADER } from "./reportHeaders";
import type { Status } from "./statuses";

/** A file's new status. */
export interface StatusReport {
    readonly file_id: string;
    readonly status: Status;
    /** For the client. */
    readonly details?: string;
}

/** What became of a report. */
export interface ReportAnswer {
    /** The file's status now. */
    readonly status: string | undefined;
    /** @throws A defect when the file's status can't become what was reported. */
    refuseUnlessAccepted(): void;
}

/**
 * Reports a status, with some attempts.
 *
 * @param requestId Id of the request that caused it all.
 * @throws When the API does not take the report for another reason than the file's status.
 */
export type StatusReporter = (report: StatusReport, requestId: string) => Promise<ReportAnswer>;

/**
 * Makes the function that reports to `POST /update-status`, signed by the function's role.
 *
 * @param url Address of the route.
 */
export function statusReporter(url: string): StatusReporter {
    const sign = requestSigner("execute-api");
    return async (report, requestId) => {
        const body = JSON.stringify(report);
        const headers = { "content-type": "application/json", [CAUSE_HEADER]: requestId };
        const { code, status } = await attempts(async () => {
            const response = await fetch(url, {
                method: "POST",
                headers: await sign({ method: "POST", url, headers, body }),
                body,
                signal: AbortSignal.timeout(ATTEMPT_MS),
            });
            await response.arrayBuffer();
            return { code: response.status, status: response.headers.get(STATUS_HEADER) ?? undefined };
        });
        if (code === 404) {
            throw defect("The file is not known");
        }
        if (code !== 200 && code !== 409) {
            throw Object.assign(new Error(`The report was answered with ${code}`), { name: "ReportError" });
        }
        return {
            status,
            refuseUnlessAccepted() {
                if (code === 409) {
                    throw defect(`A file that is ${status} can't become ${report.status}`);
                }
            },
        };
    };
}

/** Once more after a connection that broke, an answer 429, and one of 5xx: reporting the same twice changes nothing. */
async function attempts<T extends { code: number }>(once: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
        const answer = await once().catch((error: Error) => (attempt < ATTEMPTS ? undefined : Promise.reject(error)));
        if (answer && (attempt === ATTEMPTS || !(answer.code === 429 || answer.code >= 500))) {
            return answer;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** attempt * (0.5 + Math.random())));
    }
}

const ATTEMPTS = 4;
/** Longer than a cold start of what answers. */
const ATTEMPT_MS = 8_000;
const PAUSE_MS = 100;
