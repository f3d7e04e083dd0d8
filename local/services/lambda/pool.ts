import * as os from "node:os";
import { awsError } from "../../errors";
import type { Environment, EnvironmentEvents } from "./environment";
import { functionError, type PendingInvocation } from "./invocation";

/** How many environments a function may have, and for how long. */
export interface PoolLimits {
    /** Environments of one function. @default twice the processors, at least 4 */
    readonly maxEnvironments: number;
    /** How long an invocation waits for a busy environment before another is started, in milliseconds. @default 20 */
    readonly scaleAfterMs: number;
    /** How long the last environment stays without work, in milliseconds. @default 5 minutes */
    readonly lastIdleMs: number;
    /** How long others stay without work, in milliseconds. @default 30 seconds */
    readonly idleMs: number;
}

export const defaultLimits: PoolLimits = {
    maxEnvironments: Math.max(4, 2 * os.availableParallelism()),
    scaleAfterMs: 20,
    lastIdleMs: 300_000,
    idleMs: 30_000,
};

/** The environments of one function, and the invocations that wait for them. */
export interface Pool {
    /** @throws `TooManyRequestsException` 429 beyond the reserved concurrency, or beyond an account's 1 000. */
    submit(invocation: PendingInvocation): void;
    /** Takes an invocation out of the queue; false when it runs already. */
    withdraw(invocation: PendingInvocation): boolean;
    environments(): Iterable<Environment>;
    /** Replaces what new environments are started from; those that live end after their present invocation. */
    replace(start: StartEnvironment, reservedConcurrency: number | undefined): void;
    /** Ends environments that were without work for too long. */
    sweep(now: number): void;
    /** Ends everything; what is queued or runs gets a function error. Resolves when no process is left. */
    close(): Promise<void>;
}

export type StartEnvironment = (events: Omit<EnvironmentEvents, "loaded">) => Environment;

/** Lambda's default for all functions of an account and Region. */
const ACCOUNT_CONCURRENCY = 1000;

export function createPool(first: StartEnvironment, reserved: number | undefined, limits: PoolLimits): Pool {
    const all = new Set<Environment>();
    /** The latest used stands last and is taken first, so that those not needed grow old. */
    const idle: Environment[] = [];
    const queue: PendingInvocation[] = [];
    /** On their way out; they take no place. */
    const outdated = new Set<Environment>();
    const counted = new Map<Environment, "running" | "starting">();
    let start = first;
    let reservedConcurrency = reserved;
    let running = 0;
    let starting = 0;
    let scaling: NodeJS.Timeout | undefined;
    let closing: (() => void) | undefined;

    const events: Omit<EnvironmentEvents, "loaded"> = {
        idle(environment) {
            const fresh = uncount(environment) === "starting";
            if (queue.length === 0) {
                idle.push(environment);
            } else if (environment.expiresSoon() && !fresh) {
                dismiss(environment);
            } else {
                run(environment, queue.shift()!);
            }
        },
        ended(environment, failure) {
            uncount(environment);
            all.delete(environment);
            outdated.delete(environment);
            remove(idle, environment);
            // Each invocation gets its own attempt to load the function, as with Lambda.
            if (failure !== undefined) {
                queue.shift()?.settle(failure);
            }
            if (closing !== undefined) {
                if (all.size === 0) {
                    closing();
                }
            } else {
                scale();
            }
        },
    };

    return {
        submit(invocation) {
            const inFlight = running + queue.length;
            if (reservedConcurrency !== undefined && inFlight >= reservedConcurrency) {
                throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
            }
            if (inFlight >= ACCOUNT_CONCURRENCY) {
                throw throttled("ConcurrentInvocationLimitExceeded");
            }
            const environment = takeIdle();
            if (environment !== undefined) {
                run(environment, invocation);
                return;
            }
            queue.push(invocation);
            scale();
        },
        withdraw: (invocation) => remove(queue, invocation),
        environments: () => all,
        replace(next, concurrency) {
            start = next;
            reservedConcurrency = concurrency;
            idle.length = 0;
            for (const environment of all) {
                outdated.add(environment);
                environment.retire();
            }
        },
        sweep(now) {
            // From the one that was idle longest; the last of all may stay longer.
            while (idle.length > 0 && now - idle[0].idleSince > (all.size === 1 ? limits.lastIdleMs : limits.idleMs)) {
                dismiss(idle.shift()!);
            }
        },
        close() {
            clearTimeout(scaling);
            queue.splice(0).forEach((invocation) => invocation.settle(CLOSED));
            idle.length = 0;
            const ended = new Promise<void>((resolve) => (closing = resolve));
            all.forEach((environment) => environment.end());
            if (all.size === 0) {
                closing?.();
            }
            return ended;
        },
    };

    function takeIdle(): Environment | undefined {
        for (let environment = idle.pop(); environment !== undefined; environment = idle.pop()) {
            if (environment.state === "idle" && !environment.expiresSoon()) {
                return environment;
            }
            dismiss(environment);
        }
        return undefined;
    }

    /** It ends, and its place is free at once. */
    function dismiss(environment: Environment): void {
        outdated.add(environment);
        environment.end();
        scale();
    }

    function run(environment: Environment, invocation: PendingInvocation): void {
        counted.set(environment, "running");
        running++;
        environment.run(invocation);
    }

    /** @returns what it was counted as. */
    function uncount(environment: Environment): "running" | "starting" | undefined {
        const was = counted.get(environment);
        counted.delete(environment);
        running -= was === "running" ? 1 : 0;
        starting -= was === "starting" ? 1 : 0;
        return was;
    }

    function startAnother(): void {
        try {
            const environment = start(events);
            all.add(environment);
            counted.set(environment, "starting");
            starting++;
        } catch (error) {
            queue.shift()!.reject(error as Error);
        }
    }

    /** The first environment starts at once, further ones when an invocation has waited. */
    function scale(): void {
        const cap = Math.min(limits.maxEnvironments, reservedConcurrency ?? Infinity);
        const living = all.size - outdated.size;
        if (queue.length <= starting || living >= cap || closing !== undefined) {
            return;
        }
        const waited = performance.now() - queue[starting].queuedAt;
        if (living === 0 || waited >= limits.scaleAfterMs) {
            startAnother();
            scale();
        } else if (scaling === undefined) {
            scaling = setTimeout(() => {
                scaling = undefined;
                scale();
            }, limits.scaleAfterMs - waited);
        }
    }
}

function throttled(reason: string): Error {
    return awsError("TooManyRequestsException", 429, "Rate Exceeded.", { Reason: reason });
}

const CLOSED = functionError("Runtime.ExitError", "The local run is ending");

function remove<T>(list: T[], item: T): boolean {
    const index = list.indexOf(item);
    if (index >= 0) {
        list.splice(index, 1);
    }
    return index >= 0;
}
