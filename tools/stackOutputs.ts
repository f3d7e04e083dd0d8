import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { isRunning } from "../local/lock";
import { oneLine } from "./oneLine";

/** The project's folder. */
export const folder = path.dirname(__dirname);

/** Outputs of the local run, as `.local/outputs.json` holds them. */
export interface LocalOutputs {
    readonly adminCredentials: {
        readonly endpoint: string;
        readonly region: string;
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
    };
    readonly pid: number;
    readonly [name: string]: unknown;
}

/**
 * The outputs of the running local stack.
 *
 * @throws When none runs.
 */
export function localOutputs(): LocalOutputs {
    const file = path.join(folder, ".local", "outputs.json");
    const outputs = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as LocalOutputs) : undefined;
    if (!outputs || !isRunning(outputs.pid)) {
        throw new Error("No local run: start one with `npm start`, or name a deployed stack with --stack.");
    }
    return outputs;
}

/**
 * The outputs of a stack: `local` for the local run, else of a deployed one, which the Pulumi CLI is asked for.
 *
 * @param secrets Whether secret outputs come in clear. @default false
 * @throws When it does not run, or the CLI fails, with the CLI's words.
 */
export function stackOutputs(stack: string, { secrets = false } = {}): Readonly<Record<string, unknown>> {
    if (stack === "local") {
        return localOutputs();
    }
    const text = pulumi(stack, ["--json", ...(secrets ? ["--show-secrets"] : [])]);
    try {
        return JSON.parse(text) as Record<string, unknown>;
    } catch {
        // Without the parser's words, which quote the text: it may hold secrets.
        throw new Error(
            `The outputs of stack ${stack} can't be read: the Pulumi CLI printed something else than JSON.`,
        );
    }
}

function pulumi(stack: string, options: readonly string[]): string {
    const args = ["stack", "output", ...options, "--stack", stack];
    try {
        return execFileSync("pulumi", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
        const { code, stderr } = error as { code?: string; stderr?: string };
        const reason = code === "ENOENT" ? "the Pulumi CLI is not on PATH" : oneLine(stderr ?? String(code));
        // No cause: it would carry what the CLI printed.
        throw new Error(`The outputs of stack ${stack} can't be read: ${reason}`);
    }
}
