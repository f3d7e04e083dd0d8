import { execFileSync } from "node:child_process";
import { readProject, stacksOf, type Project } from "../../plan/project";
import { oneLine } from "../oneLine";
import { folder, localOutputs } from "../stackOutputs";

/** What is known of a stack: its outputs with secrets in clear, and the project with its config. */
export interface StackFacts {
    readonly outputs: Readonly<Record<string, unknown>>;
    readonly project: Project;
}

/**
 * Reads a stack's outputs and config.
 *
 * @param stack `local` for the local run, else a deployed one, which the Pulumi CLI is asked for.
 * @throws With one sentence when there is no such stack, it does not run, or the CLI fails.
 */
export function stackFacts(stack: string): StackFacts {
    if (stack === "local") {
        const outputs = localOutputs();
        return { outputs, project: readProject(folder, stackOfLocalRun(outputs)) };
    }
    // First: of a stack that there is not, this says which there are.
    const project = readProject(folder, stack);
    return { outputs: deployedOutputs(stack), project };
}

/** The stack that the local run was started with: a stack's URLs have its stage in them. */
function stackOfLocalRun({ challengeApiUrl }: Readonly<Record<string, unknown>>): string {
    const stack = stacksOf(folder).find((name) => {
        const project = readProject(folder, name);
        return String(challengeApiUrl).endsWith(`/${String(project.config[`${project.name}:stage`])}`);
    });
    if (stack === undefined) {
        throw new Error(
            "The local run is of none of this project's stacks: no Pulumi.<stack>.yaml has the stage in its URLs. Start it anew with `npm start`.",
        );
    }
    return stack;
}

function deployedOutputs(stack: string): Record<string, unknown> {
    const text = pulumi("stack", "output", "--json", "--show-secrets", "--stack", stack);
    try {
        return JSON.parse(text) as Record<string, unknown>;
    } catch {
        // Without the parser's words, which quote the text: it holds secrets.
        throw new Error(
            `The outputs of stack ${stack} can't be read: the Pulumi CLI printed something else than JSON.`,
        );
    }
}

function pulumi(...args: readonly string[]): string {
    try {
        return execFileSync("pulumi", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
        const { code, stderr } = error as { code?: string; stderr?: string };
        const reason = code === "ENOENT" ? "the Pulumi CLI is not on PATH" : oneLine(stderr ?? String(code));
        // No cause: it would carry what the CLI printed.
        throw new Error(`The outputs of stack ${args.at(-1)} can't be read: ${reason}`);
    }
}
