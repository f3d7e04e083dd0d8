import type { LocalRun } from "./start";

/**
 * One command to try for each component that registers an `example` output, to be pasted into a shell in the project's folder.
 * Tokens and keys are read from the outputs' file when the command runs: they are never printed.
 */
export function curlLines({ plan, localise }: Pick<LocalRun, "plan" | "localise">): string[] {
    const outputNames = new Map(Object.entries(plan.outputs).map(([name, value]) => [value, name]));
    return plan.resources
        .filter(({ custom, outputs }) => !custom && typeof outputs.example === "string")
        .map(({ outputs }) => {
            const example = (outputs.example as string)
                .replaceAll("<token>", fromOutputs("localToken"))
                .replace(/\{\{generated [^}]+\}\}/g, (value) => fromOutputs(outputNames.get(value) ?? "undefined"));
            return localise(example);
        });
}

function fromOutputs(name: string): string {
    return `$(node -p "require('./.local/outputs.json').${name}")`;
}
