import * as v from "valibot";
import { readEnv } from "../../shared/env";
import { inSeconds, START_RULES, type Way } from "../sweepRules";
import type { Command, Starter } from "./command";
import { queueStarter } from "./queueStarter";
import { taskStarter, taskVariable } from "./taskStarter";

/** What starts commands. Reads `TASK` when they have tasks of their own, else `QUEUE_URL`. */
export function starterOf(way: Way): Starter {
    return way === "task"
        ? taskStarter(readEnv({ TASK: taskVariable() }).TASK)
        : queueStarter(readEnv({ QUEUE_URL: v.string() }).QUEUE_URL);
}

/** By when a command that is started now is started again, unless a container took it. */
export function startAgainAt(way: Way): Date {
    return inSeconds(START_RULES[way].againAfterSeconds);
}

/**
 * Starts an order's command. What goes wrong is no matter to the client: the order is stored, and the sweep starts it again.
 *
 * @returns Whether it was started.
 */
export async function startCommand(
    starter: Starter,
    { client, orderId, command, attempt, requestId }: Command,
): Promise<boolean> {
    try {
        await starter.start({ client, orderId, command, attempt, requestId });
        return true;
    } catch (error) {
        const { name, message } = error as Error;
        console.warn({ requestId, order: orderId, attempt, notStarted: { name, message } });
        return false;
    }
}
