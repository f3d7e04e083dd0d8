import * as fs from "node:fs";
import * as path from "node:path";
import { loadPlan } from "../plan/load";
import { readProject, type Project } from "../plan/project";
import type { Plan } from "../plan/types";
import { applyPlan } from "./apply";
import { localClients, withLocalClients } from "./clients";
import { createCloud } from "./cloud";
import { lockState } from "./lock";
import { openSecrets, writePrivate } from "./secrets";

export interface StartOptions {
    /** The Pulumi project's folder. */
    readonly folder: string;
    /** Whose `Pulumi.<stack>.yaml` is read. @default "dev" */
    readonly stack?: string;
    /** 0 for any. @default 4400 */
    readonly port?: number;
    /** Drops the stack's state first. @default false */
    readonly fresh?: boolean;
    /** Where state and `outputs.json` are kept. @default ".local" in the project's folder */
    readonly stateFolder?: string;
    /** Replaces values of the stack's config, by full key; structured values as objects. @default - the file's */
    readonly config?: Readonly<Record<string, unknown>>;
    /** Takes what people should read while it runs, such as refused calls. */
    readonly print: (line: string) => void;
}

/** A running stack on this machine. */
export interface LocalRun {
    readonly plan: Plan;
    /** What `.local/outputs.json` holds. */
    readonly outputs: Readonly<Record<string, unknown>>;
    /** Resources by type that are declared but do nothing here. */
    readonly declaredOnly: Readonly<Record<string, number>>;
    /** Milliseconds that each part of the start took, in order. */
    readonly timings: Readonly<Record<string, number>>;
    /** Rewrites AWS's URLs in a text into those of this run. */
    localise(text: string): string;
    /** Ends every child and closes every file. */
    close(): Promise<void>;
}

/**
 * Evaluates a project's program and serves what it declares on 127.0.0.1.
 *
 * @throws With one sentence when the stack is unknown, the program fails, the port or the state is in use, or a type of
 * resource is not supported.
 */
export async function start(options: StartOptions): Promise<LocalRun> {
    const { folder, stack = "dev", fresh = false, stateFolder = path.join(folder, ".local") } = options;
    const declared = readProject(folder, stack);
    const project = { ...declared, config: { ...declared.config, ...options.config } };
    const state = path.join(stateFolder, stack);
    const unlock = lockState(state, stack);
    try {
        if (fresh) {
            fs.rmSync(state, { recursive: true, force: true });
        }
        fs.mkdirSync(state, { recursive: true, mode: 0o700 });
        return await serve(project, state, options, unlock);
    } catch (error) {
        unlock();
        throw error;
    }
}

async function serve(project: Project, state: string, options: StartOptions, unlock: () => void): Promise<LocalRun> {
    const { port = 4400, print } = options;
    const { timings, time } = stopwatch();
    const secrets = openSecrets(path.join(state, "secrets.json"));
    const clients = localClients(secrets);
    const plan = await time("plan", () =>
        loadPlan(withLocalClients(project, clients), () => print("Evaluating the program…")),
    );
    const cloud = createCloud({ folder: options.folder, plan, dataDir: state, secrets, print });
    try {
        await time("listen", () => cloud.listen(port));
        const declaredOnly = await time("resources", () => applyPlan(plan, cloud.providers));
        const outputs = {
            ...cloud.localiseAll(plan.outputs),
            consoleUrl: `${cloud.endpoint()}/_console`,
            localToken: clients.local,
            localTokenOther: clients.other,
            adminCredentials: { endpoint: cloud.endpoint(), region: plan.region, ...cloud.adminCredentials },
            pid: process.pid,
        };
        writePrivate(path.join(path.dirname(state), "outputs.json"), `${JSON.stringify(outputs, undefined, 2)}\n`);
        const close = async () => {
            await cloud.close();
            unlock();
        };
        return { plan, outputs, declaredOnly, timings, localise: cloud.localise, close };
    } catch (error) {
        await cloud.close();
        throw error;
    }
}

function stopwatch() {
    const timings: Record<string, number> = {};
    const time = async <T>(part: string, action: () => T | Promise<T>): Promise<T> => {
        const start = performance.now();
        const result = await action();
        timings[part] = Math.round(performance.now() - start);
        return result;
    };
    return { timings, time };
}
