import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "yaml";

/** A file with steps that GitHub runs: a workflow, or an action of this repository, which counts as one job. */
export interface WorkflowFile {
    /** Path from the root of the repository, e.g. `.github/workflows/check.yml`. */
    readonly path: string;
    readonly text: string;
    readonly isAction: boolean;
    readonly on: Readonly<Record<string, unknown>>;
    readonly permissions?: unknown;
    readonly concurrency?: Concurrency;
    readonly jobs: readonly Job[];
}

/** A job, as far as the checks look at it. */
export interface Job {
    readonly id: string;
    readonly if?: string;
    readonly needs?: string | readonly string[];
    readonly permissions?: unknown;
    readonly concurrency?: Concurrency;
    readonly environment?: string;
    readonly "runs-on"?: string;
    readonly "timeout-minutes"?: number;
    readonly env?: Readonly<Record<string, unknown>>;
    /** Of a reusable workflow, which such a job calls in place of steps. */
    readonly uses?: string;
    readonly secrets?: unknown;
    readonly steps: readonly Step[];
}

/** A step. */
export interface Step {
    readonly name?: string;
    readonly id?: string;
    readonly if?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly shell?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, unknown>>;
}

interface Concurrency {
    readonly group?: string;
    readonly "cancel-in-progress"?: boolean;
}

/** The repository's workflows and actions. */
export function readWorkflows(folder: string): WorkflowFile[] {
    const actions = fs.readdirSync(path.join(folder, ".github/actions"));
    const workflows = fs.readdirSync(path.join(folder, ".github/workflows"));
    return [
        ...workflows.map((name) => `.github/workflows/${name}`),
        ...actions.map((name) => `.github/actions/${name}/action.yml`),
    ].map((file) => parseWorkflow(file, fs.readFileSync(path.join(folder, file), "utf8")));
}

/** Parses a workflow, or an action when its file is called `action.yml`. */
export function parseWorkflow(file: string, text: string): WorkflowFile {
    const { on = {}, permissions, concurrency, jobs = {}, runs } = yaml.parse(text) as Parsed;
    const isAction = path.basename(file) === "action.yml";
    const all = isAction ? { action: runs } : jobs;
    return {
        ...{ path: file, text, isAction, permissions, concurrency },
        on: typeof on === "string" ? { [on]: null } : on,
        jobs: Object.entries(all).map(([id, job]) => ({ ...job, id, steps: job?.steps ?? [] })),
    };
}

/** Name of a step, or what it does. */
export function titleOf({ name, uses, run }: Step): string {
    return name ?? uses ?? run?.split("\n")[0] ?? "an empty step";
}

interface Parsed {
    readonly on?: string | Readonly<Record<string, unknown>>;
    readonly permissions?: unknown;
    readonly concurrency?: Concurrency;
    readonly jobs?: Readonly<Record<string, Omit<Job, "id">>>;
    readonly runs?: Omit<Job, "id">;
}
