import type { Check } from "./checks";
import { titleOf, type WorkflowFile } from "./workflow";

/** Checks of whose code runs, on what, and for how long. */
export const actionChecks = {
    /** A tag can be moved; a commit can't. The comment says which version that is, and lets tools raise it. */
    pinned: ({ text, ...file }) =>
        usesOf(file).flatMap((uses) => {
            if (uses.startsWith("./")) {
                return [];
            }
            const line = new RegExp(`uses: ${uses.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")} # v\\d+\\.\\d+\\.\\d+$`, "m");
            return /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses) && line.test(text)
                ? []
                : [`${uses} is not pinned by a full commit id with its version as comment`];
        }),

    /** A job that hangs would hold its concurrency group, and minutes. */
    timeLimited: ({ isAction, jobs }) =>
        isAction
            ? []
            : jobs
                  .filter((job) => !(Number(job["timeout-minutes"]) <= 60))
                  .map(({ id }) => `${id} has no limit of at most 60 minutes`),

    /** `-latest` moves, and a runner of one's own would keep what a pull request leaves on it. */
    knownRunner: ({ isAction, jobs }) =>
        isAction
            ? []
            : jobs
                  .filter((job) => !/^ubuntu-\d\d\.04$/.test(job["runs-on"] ?? ""))
                  .map((job) => `${job.id} runs on ${job["runs-on"]}`),

    /** Else the token lies in .git/config, where every later step can read it. */
    noTokenLeftBehind: ({ jobs }) =>
        jobs.flatMap(({ steps }) =>
            steps
                .filter(({ uses, with: inputs }) => {
                    return uses?.startsWith("actions/checkout@") && inputs?.["persist-credentials"] !== false;
                })
                .map(() => "actions/checkout keeps its token: persist-credentials must be false"),
        ),

    /** What is put into a script is code; an environment variable is data. So not even trusted values are put in. */
    noExpressionInScripts: ({ jobs }) =>
        jobs.flatMap(({ steps }) =>
            steps
                .filter(({ run, with: inputs }) => `${run ?? ""}${String(inputs?.script ?? "")}`.includes("${{"))
                .map((step) => `the script of "${titleOf(step)}" contains an expression: pass it by env`),
        ),

    /** Installs what the lock file says; what is downloaded otherwise is compared with a digest before it is unpacked. */
    lockedDownloads: ({ jobs }) =>
        jobs.flatMap(({ steps }) =>
            steps.flatMap((step) => {
                const run = step.run ?? "";
                const installs = /\bnpm (i|install|add|exec)\b|\bnpx (-y|--yes)\b|\|\s*(ba|z)?sh\b/.test(run);
                const fetches = /\b(curl|wget)\b/.exec(run);
                const verifies = /\bsha256sum --check\b[\s\S]*\b(tar|unzip)\b/.test(run);
                return [
                    ...(installs ? [`"${titleOf(step)}" installs what no lock file knows`] : []),
                    ...(fetches && !verifies ? [`"${titleOf(step)}" downloads without comparing a digest first`] : []),
                ];
            }),
        ),

    /** Without it GitHub refuses the action, at run time. */
    shellInActions: ({ isAction, jobs }) =>
        isAction
            ? jobs.flatMap(({ steps }) =>
                  steps
                      .filter(({ run, shell }) => run !== undefined && shell !== "bash")
                      .map((step) => `"${titleOf(step)}" names no shell`),
              )
            : [],
} as const satisfies Record<string, Check>;

function usesOf({ jobs }: Pick<WorkflowFile, "jobs">): string[] {
    return jobs
        .flatMap(({ uses, steps }) => [uses, ...steps.map((step) => step.uses)])
        .filter((uses) => uses !== undefined);
}
