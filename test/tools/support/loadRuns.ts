import type * as s3 from "@aws-sdk/client-s3";
import { runLoad, type LoadReport } from "../../../tools/load/runLoad";
import type { LoadOptions, System } from "../../../tools/load/types";
import type { Stack } from "../../local/stack/support/stack";
import { startLoadProxy, type Passed, type Passing } from "./loadProxy";

/** Loads a stack as its first client: 20 requests within a second, unless told otherwise. */
export function load(
    stack: Stack,
    storage: s3.S3Client,
    system: System,
    { apiKey = stack.challengeApiKey, ...options }: Partial<LoadOptions> & { apiKey?: string } = {},
): Promise<LoadReport> {
    const target = { outputs: stack, token: stack.localToken, apiKey, clientId: "local", storage };
    return runLoad({ target, system, rate: 20, seconds: 1, connections: 4, settleSeconds: 30, ...options });
}

/** Loads a stack by way of a server that does not keep the stack's promises. */
export async function loadThrough(
    stack: Stack,
    storage: s3.S3Client,
    system: System,
    pass: (passing: Passing) => Promise<Passed>,
    options: Partial<LoadOptions> = {},
): Promise<LoadReport> {
    const proxy = await startLoadProxy(stack.eventIngestUrl, pass);
    const urls = Object.entries(stack).filter(([name]) => name.endsWith("Url"));
    const through = Object.fromEntries(urls.map(([name, url]) => [name, proxy.through(url as string)]));
    try {
        return await load({ ...stack, ...through }, storage, system, { settleSeconds: 1, ...options });
    } finally {
        await proxy.close();
    }
}

/** Answers by step and kind. */
export function summary({ answers }: LoadReport): string[] {
    return answers.map(({ step, what, kind, count }) => `${step} ${what.replace(/ \(.*/, "")}: ${count} ${kind}`);
}

/** What was found about each id, in the order of ids. */
export function findings({ ledger }: LoadReport): string[] {
    return ledger.findings.map(({ kind, id, seen }) => `${id} ${kind}: ${seen}`).sort();
}
