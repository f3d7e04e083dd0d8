import { isAwsError } from "../../errors";
import type { LambdaFunction } from "./functions";
import { errorTypeOf } from "./invocation";
import type { Invocation, InvocationResult } from "./types";

/** Events that were accepted and run later. */
export interface AsyncInvocations {
    accept(fn: LambdaFunction, arn: string, invocation: Invocation): void;
    /** Gives up what waits for another attempt, and says how many those are. */
    close(): void;
}

/**
 * Runs events until they succeed, with two more attempts, as Lambda does; without its waits of minutes, and without a dead-letter
 * queue or destinations, instead of which the user is told. Source: Lambda Developer Guide, "Asynchronous invocation".
 */
export function asyncInvocations(args: {
    readonly delaysMs: readonly number[];
    readonly print: (line: string) => void;
    readonly run: (fn: LambdaFunction, arn: string, invocation: Invocation) => Promise<InvocationResult>;
}): AsyncInvocations {
    const timers = new Set<NodeJS.Timeout>();
    let closed = false;
    return {
        accept: (fn, arn, invocation) => void attempt(fn, arn, invocation, 0),
        close() {
            closed = true;
            timers.forEach(clearTimeout);
            if (timers.size > 0) {
                args.print(`${timers.size} event(s) that waited for another attempt are given up`);
            }
        },
    };

    async function attempt(fn: LambdaFunction, arn: string, invocation: Invocation, number: number): Promise<void> {
        const failure = await args.run(fn, arn, invocation).then(
            (result) => (result.functionError === undefined ? undefined : errorTypeOf(result.payload)),
            (error: Error) => (isAwsError(error) ? error.code : error.message),
        );
        if (failure === undefined || closed) {
            return;
        }
        if (number >= args.delaysMs.length) {
            args.print(
                `${fn.configuration.name}: an event is given up after ${number + 1} attempts, the last of which ended with ${failure}`,
            );
            return;
        }
        const timer = setTimeout(() => {
            timers.delete(timer);
            void attempt(fn, arn, invocation, number + 1);
        }, args.delaysMs[number]);
        timers.add(timer);
    }
}
