/** What is read of a task that stopped, in ECS's words. */
export interface StoppedTask {
    readonly stopCode?: string;
    readonly stoppedReason?: string;
    readonly containers?: readonly { readonly exitCode?: number; readonly reason?: string }[];
}

/** The reason with which the sweep stops a task that does not end an order. */
export const HANGS = "It has an order for too long";

/** Why a task ended, as clients read it: the first that fits. ECS's own words name accounts and images; they are for the log. */
const REASONS: readonly { readonly reason: string; readonly stopCode?: RegExp; readonly text?: RegExp }[] = [
    { reason: "The container ran out of memory", text: /OutOfMemory/i },
    { reason: "There was no capacity to run the container", text: /capacity|RESOURCE:/i },
    { reason: "The container's image could not be pulled", text: /CannotPull|unable to pull/i },
    { reason: "The container could not be started", stopCode: /^TaskFailedToStart$/ },
    { reason: "The container hung", text: new RegExp(`health check|^${HANGS}`, "i") },
    { reason: "The container was stopped by somebody", stopCode: /^UserInitiated$/ },
    { reason: "The container was stopped, since it was no longer needed", stopCode: /^ServiceSchedulerInitiated$/ },
    { reason: "The container was ended by the platform it ran on", stopCode: /^(TerminationNotice|SpotInterruption)$/ },
];

/** The reason for an order of the task to fail. */
export function stopReason({ stopCode = "", stoppedReason = "", containers = [] }: StoppedTask): string {
    const text = [stoppedReason, ...containers.map(({ reason = "" }) => reason)].join(" ");
    const known = REASONS.find((rule) => (rule.text?.test(text) ?? true) && (rule.stopCode?.test(stopCode) ?? true));
    if (known) {
        return known.reason;
    }
    const exitCode = containers.find((container) => container.exitCode)?.exitCode ?? 0;
    return exitCode === 0 ? "The container ended without a result" : `The container ended with exit code ${exitCode}`;
}
