import type * as pulumi from "@pulumi/pulumi";
import type { Callback } from "./callback";
import { eventRule } from "./eventRule";

/** Arguments for {@link schedule}. */
export interface ScheduleArgs {
    /** Minutes between two invocations, at least 1. */
    readonly everyMinutes: number;
    /** What is done then, in one line for the console. */
    readonly description: string;
    readonly callback: Callback;
}

/** Invokes a function at regular times. */
export function schedule(
    name: string,
    { everyMinutes, description, callback }: ScheduleArgs,
    opts: pulumi.CustomResourceOptions,
): void {
    const scheduleExpression = everyMinutes === 1 ? "rate(1 minute)" : `rate(${everyMinutes} minutes)`;
    eventRule(name, { description, on: { scheduleExpression }, callback }, opts);
}
