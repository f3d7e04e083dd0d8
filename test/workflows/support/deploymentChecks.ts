import type { Check } from "./checks";
import { titleOf, type Job, type WorkflowFile } from "./workflow";

/** Checks of what changes a stack. */
export const deploymentChecks = {
    /** Every run belongs to a group, by its workflow or its jobs. */
    grouped: ({ isAction, concurrency, jobs }) =>
        isAction || concurrency?.group || jobs.every((job) => job.concurrency?.group)
            ? []
            : ["runs are in no concurrency group"],

    /** Two deployments of a stack never meet, nor a deployment and the cancelling of a lock; and none is cancelled midway. */
    oneDeploymentAtATime: (file) =>
        file.jobs
            .filter(changesAStack)
            .flatMap((job) => [
                ...(job.environment ? [] : [`${job.id} changes a stack without an environment`]),
                ...(job.concurrency?.group === `deploy-${job.environment}`
                    ? []
                    : [
                          `${job.id} must be in the group deploy-${job.environment}, and is in ${job.concurrency?.group}`,
                      ]),
                ...(job.concurrency?.["cancel-in-progress"] === false && !file.concurrency
                    ? []
                    : [`${job.id} can be cancelled while it runs`]),
            ]),

    /** A deployment is judged by the guard and the policy pack of its stack first. */
    judgedBeforehand: ({ jobs }) =>
        jobs.flatMap(({ steps }) => {
            const guard = steps.findIndex(({ run }) => run?.includes("npm run --silent guard"));
            return steps.flatMap((step, index) => {
                const run = step.run ?? "";
                const previewsOrDeploys = /\bpulumi (up|preview)\b/.test(run);
                return [
                    ...(/\bpulumi up\b/.test(run) && !(guard >= 0 && guard < index)
                        ? [`"${titleOf(step)}" deploys what no guard has seen`]
                        : []),
                    ...(previewsOrDeploys && !POLICIES.test(run)
                        ? [`"${titleOf(step)}" leaves the policy pack out`]
                        : []),
                    ...(/\bpulumi (destroy|cancel|state|import|stack rm)\b|--skip-preview/.test(run)
                        ? [`"${titleOf(step)}" does what is for people to do`]
                        : []),
                ];
            });
        }),

    /** A lock is cancelled by hand alone. */
    unlockedByHand: (file) =>
        file.jobs
            .filter(({ steps }) => steps.some(({ run }) => run?.includes("npm run --silent unlock")))
            .filter(({ if: condition = "" }) => !byHand(file, condition))
            .map(({ id }) => `${id} cancels locks without being asked to`),
} as const satisfies Record<string, Check>;

/** Whether a job deploys, or cancels a lock. */
export function changesAStack({ steps }: Job): boolean {
    return steps.some(
        ({ uses, run }) => uses === "./.github/actions/deploy" || run?.includes("npm run --silent unlock") === true,
    );
}

const POLICIES = /--policy-pack policy --policy-pack-config "policy\/\$STACK\.json"/;

function byHand({ on }: WorkflowFile, condition: string): boolean {
    const parts = condition.split("&&").map((part) => part.trim());
    return "workflow_dispatch" in on && parts.includes("inputs.action == 'unlock'") && !condition.includes("||");
}
