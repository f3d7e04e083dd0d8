import { readProject, stacksOf, type Project } from "../../plan/project";
import { folder, localOutputs, stackOutputs } from "../stackOutputs";

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
    return { outputs: stackOutputs(stack, { secrets: true }), project };
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
