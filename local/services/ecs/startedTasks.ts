import { awsError } from "../../errors";
import type { Task } from "./types";

/** Tasks that were started with a client token. */
export interface StartedTasks {
    /**
     * What was started with the token; undefined when nothing was.
     *
     * @param fingerprint Text that is the same for the same request.
     * @throws ConflictException when the request was another one
     */
    find(token: string, fingerprint: string): readonly Task[] | undefined;
    keep(token: string, fingerprint: string, tasks: readonly Task[]): void;
}

/** Tokens are kept in memory, for as long as ECS does: 24 hours; the end of the run forgets them. */
export function createStartedTasks(now: () => number): StartedTasks {
    /** The oldest stands first. */
    const kept = new Map<string, { fingerprint: string; tasks: readonly Task[]; until: number }>();
    const forgetOld = () => {
        for (const [token, { until }] of kept) {
            if (until > now()) return;
            kept.delete(token);
        }
    };
    return {
        find(token, fingerprint) {
            forgetOld();
            const entry = kept.get(token);
            if (entry !== undefined && entry.fingerprint !== fingerprint) {
                throw conflict(entry.tasks);
            }
            return entry?.tasks;
        },
        keep: (token, fingerprint, tasks) => void kept.set(token, { fingerprint, tasks, until: now() + DAY_MS }),
    };
}

const DAY_MS = 86_400_000;

/** ECS API Reference, ConflictException. */
function conflict(tasks: readonly Task[]): Error {
    const message =
        "The RunTask request could not be processed due to conflicts. The provided clientToken is already in use with a different " +
        "RunTask request. The resourceIds are the existing task ARNs which are already associated with the clientToken.";
    return Object.assign(awsError("ConflictException", 400, message), { resourceIds: tasks.map(({ arn }) => arn) });
}
