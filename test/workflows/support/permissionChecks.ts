import type { Check } from "./checks";
import type { Job } from "./workflow";

/** Checks of what a job's token may do, and who can make the job run. */
export const permissionChecks = {
    /** What is not named here is refused to every job that does not ask for it. */
    readOnlyByDefault: ({ isAction, permissions }) =>
        isAction || JSON.stringify(permissions) === '{"contents":"read"}'
            ? []
            : ["the workflow's permissions are not contents: read alone"],

    /** Each further permission, and the step that a job must have to deserve it. */
    deservedPermissions: ({ jobs }) =>
        jobs.flatMap((job) => {
            if (job.permissions === undefined) {
                return [];
            }
            if (typeof job.permissions !== "object" || job.permissions === null) {
                return [`${job.id} has all of a kind: ${String(job.permissions)}`];
            }
            return Object.entries(job.permissions).flatMap(([name, level]) => {
                const permission = `${name}: ${level}`;
                return permission === "contents: read" || DESERVED[permission]?.(job)
                    ? []
                    : [`${job.id} has ${permission} without need`];
            });
        }),

    /** Jobs of pull requests run what the request says, so those with more than reading are for this repository's branches. */
    nothingForForks: ({ on, jobs }) =>
        "pull_request" in on
            ? jobs
                  .filter((job) =>
                      /"write"|write-all|secrets\./.test(JSON.stringify([job.permissions, job.steps, job.env])),
                  )
                  .filter((job) => !requires(job, "github.event.pull_request.head.repo.full_name == github.repository"))
                  .map(({ id }) => `${id} can be run by a fork`)
            : [],

    /** These run with the rights of the main branch for what a fork sends. */
    harmlessTriggers: ({ on }) =>
        Object.keys(on)
            .filter((trigger) => !["push", "pull_request", "workflow_dispatch"].includes(trigger))
            .map((trigger) => `${trigger} is a trigger that others control`),

    /** By hand a workflow can be run from any branch. */
    mainAlone: ({ jobs }) =>
        jobs
            .filter(({ environment }) => environment !== undefined)
            .filter((job) => !requires(job, "github.ref == 'refs/heads/main'"))
            .map(({ id }) => `${id} has an environment, but is not for the branch main alone`),
} as const satisfies Record<string, Check>;

/** Whether a job runs only when something holds, whatever else holds. */
function requires({ if: condition = "" }: Job, what: string): boolean {
    return (
        condition
            .split("&&")
            .map((part) => part.trim())
            .includes(what) && !condition.includes("||")
    );
}

const DESERVED: Readonly<Record<string, (job: Job) => boolean>> = {
    "id-token: write": ({ steps }) =>
        steps.some(({ uses }) => /^\.\/\.github\/actions\/(sign-in|preview|deploy)$/.test(uses ?? "")),
    "pull-requests: write": ({ steps }) => steps.some(({ run }) => run?.includes("npm run --silent preview-comment")),
    "pull-requests: read": ({ steps }) => steps.some(({ run }) => run?.includes("npm run --silent override")),
};
