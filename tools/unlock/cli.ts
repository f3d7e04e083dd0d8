import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import * as yaml from "yaml";

/**
 * The URL of the backend that the Pulumi CLI uses in a folder, whether it knows it by environment, project or login.
 *
 * @throws In the CLI's words, when there is none.
 */
export function backendUrl(cwd: string): string {
    const text = pulumi(["whoami", "--json", "--cwd", cwd, "--non-interactive"]);
    return v.parse(v.object({ url: v.string() }), JSON.parse(text)).url;
}

/**
 * The name of the project in a folder.
 *
 * @throws When there is none.
 */
export function projectName(cwd: string): string {
    const file = path.join(cwd, "Pulumi.yaml");
    try {
        return v.parse(v.object({ name: v.string() }), yaml.parse(fs.readFileSync(file, "utf8"))).name;
    } catch (error) {
        throw new Error(`${file} can't be read: name the folder of a Pulumi project with --cwd.`, { cause: error });
    }
}

/**
 * Sees that a stack is in the backend, as a wrong name would seem not to be locked.
 *
 * @throws When it is not, with the stacks that there are.
 */
export function checkStack(stack: string, cwd: string): void {
    const text = pulumi(["stack", "ls", "--json", "--cwd", cwd, "--non-interactive"]);
    const names = v.parse(v.array(v.object({ name: v.string() })), JSON.parse(text)).map(({ name }) => name);
    if (!names.includes(stack)) {
        const known = names.length > 0 ? `the stacks are ${names.join(", ")}` : "it has no stack of this project";
        throw new Error(`There is no stack ${stack} in this backend; ${known}.`);
    }
}

/**
 * Deletes all locks of a stack, by `pulumi cancel`.
 *
 * @throws In the CLI's words.
 */
export function cancel(stack: string, cwd: string): void {
    pulumi(["cancel", "--stack", stack, "--yes", "--cwd", cwd, "--non-interactive"]);
}

function pulumi(args: readonly string[]): string {
    try {
        return execFileSync("pulumi", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
        const { code, stderr } = error as { code?: string; stderr?: string };
        const reason = code === "ENOENT" ? "the Pulumi CLI is not on PATH" : (stderr ?? String(error)).trim();
        throw new Error(`pulumi ${args[0]} failed: ${reason}`, { cause: error });
    }
}
