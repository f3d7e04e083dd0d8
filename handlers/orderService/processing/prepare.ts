import * as v from "valibot";
import { readEnv } from "../../shared/env";
import { fromVariables, type Command } from "../starting/command";
import { orderTable } from "../table/orderTable";
import { log } from "./log";
import type { Processing } from "./processCommand";
import { taskArn } from "./task";

/** What the program is to do: one command, or those of a queue. */
export type Prepared = { readonly processing: Processing } & (
    | { readonly command: Command; readonly queueUrl?: undefined }
    | { readonly command?: undefined; readonly queueUrl: string }
);

/**
 * Reads the program's variables: `TABLE`, `MOST_CENTS`, those of a command, or `QUEUE_URL`, and ECS's own.
 *
 * @throws When one is missing or wrong, or when ECS does not answer.
 */
export async function prepare(): Promise<Prepared> {
    const env = readEnv({
        TABLE: v.string(),
        MOST_CENTS: v.pipe(v.string(), v.regex(/^\d+$/, WHOLE), v.transform(Number), v.safeInteger(WHOLE)),
        QUEUE_URL: v.optional(v.string()),
        ECS_CONTAINER_METADATA_URI_V4: v.string(),
    });
    const command = fromVariables(process.env);
    if (command === undefined && env.QUEUE_URL === undefined) {
        throw new Error("Environment variables: neither those of a command are there, nor QUEUE_URL");
    }
    const processing = {
        table: orderTable(env.TABLE, log),
        run: await taskArn(env.ECS_CONTAINER_METADATA_URI_V4),
        mostCents: env.MOST_CENTS,
        log,
    };
    return command ? { processing, command } : { processing, queueUrl: env.QUEUE_URL! };
}

const WHOLE = `must be a whole number of at most ${Number.MAX_SAFE_INTEGER}`;
