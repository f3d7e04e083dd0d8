import { execFile } from "node:child_process";
import { projectFolder } from "./plans";

/** What a command left. */
export interface Ended {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

/** How a tool is run. */
export interface RunToolOptions {
    /** The checkout, or a copy of it. @default - this repository */
    readonly folder?: string;
    /** @default - the environment of this process */
    readonly env?: NodeJS.ProcessEnv;
}

/** Runs one of `tools/*.ts` to its end, in a process of its own, as its npm script does. */
export function runTool(
    name: string,
    args: readonly string[],
    { folder = projectFolder, env = process.env }: RunToolOptions = {},
): Promise<Ended> {
    const all = ["--require", "./tools/register.cjs", `tools/${name}.ts`, ...args];
    return new Promise((resolve) =>
        execFile(process.execPath, all, { cwd: folder, env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
            resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
        ),
    );
}
