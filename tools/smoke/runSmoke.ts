import { oneLine } from "../oneLine";
import { challengeChecks } from "./checks/challenge";
import { eventChecks } from "./checks/events";
import { orderChecks } from "./checks/orders";
import { uploadChecks } from "./checks/uploads";
import type { Target } from "./target";
import {
    SYSTEMS,
    type Check,
    type Context,
    type MakeChecks,
    type Report,
    type Result,
    type SmokeOptions,
    type System,
} from "./types";

/**
 * Checks a running stack, one check after another, in their order: some go on with what an earlier one made. A failing check never
 * keeps another from being run.
 */
export async function runSmoke(target: Target, options: SmokeOptions = {}): Promise<Report> {
    const { systems = SYSTEMS, only = () => true, sharedLimit = false } = options;
    const { context, left, cleanUp } = newContext(target, sharedLimit);
    const results: Result[] = [];
    try {
        const checks = systems.flatMap((system) => CHECKS[system](context)).filter(({ title }) => only(title));
        for (const check of checks) {
            results.push(await resultOf(check, target));
        }
    } finally {
        await cleanUp();
    }
    return { stack: target.stack, results, left: left.map((what) => printable(what, target)) };
}

const CHECKS: Readonly<Record<System, MakeChecks>> = {
    events: eventChecks,
    uploads: uploadChecks,
    orders: orderChecks,
    challenge: challengeChecks,
};

function newContext(target: Target, sharedLimit: boolean) {
    const left: string[] = [];
    const atEnd: (() => Promise<void>)[] = [];
    const context: Context = {
        target,
        sharedLimit,
        leave: (what) => void left.push(what),
        atEnd: (action) => void atEnd.unshift(action),
    };
    const cleanUp = async () => {
        for (const action of atEnd) {
            await action().catch((error: unknown) => left.push((error as Error).message));
        }
    };
    return { context, left, cleanUp };
}

async function resultOf({ system, title, skipped, run }: Check, target: Target): Promise<Result> {
    if (skipped !== undefined) {
        return { system, title, outcome: "skipped", reason: skipped, ms: 0 };
    }
    const begun = performance.now();
    const took = () => Math.round(performance.now() - begun);
    try {
        await run();
        return { system, title, outcome: "passed", ms: took() };
    } catch (error) {
        return { system, title, outcome: "failed", reason: printable((error as Error).message, target), ms: took() };
    }
}

/** Without secrets first: what is left of one that was cut would not be known for it. */
function printable(text: string, { secrets }: Target): string {
    return oneLine(secrets.mask(text));
}
