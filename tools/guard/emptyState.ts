import { oneLine } from "../oneLine";
import type { Preview } from "./preview";
import { FUNCTION } from "./stateful";
import { parseUrn } from "./urn";

const STACK = "pulumi:pulumi:Stack";

/**
 * That the state has nothing of what the program declares, as the begin of a sentence with the ways out; undefined when it has
 * something. That is so before the first deployment, and when the backend, the project's name or the stack's name is not the
 * one of the last deployment: then AWS refuses what exists under the same name.
 */
export function emptyState({ steps, changeSummary }: Preview): string | undefined {
    const root = steps.find(({ urn }) => parseUrn(urn).type === STACK);
    if (root === undefined) {
        return "The preview does not show the stack itself, so nobody knows whether its state is there: preview the whole stack,";
    }
    const known = Object.entries(changeSummary).filter(([op]) => op !== "create" && op !== "import");
    const count = known.reduce((sum, [, each]) => sum + each, 0);
    // A deployment that was stopped early leaves the stack alone.
    if (root.op !== "create" && count > 1) {
        return undefined;
    }
    const { stack, project } = parseUrn(root.urn);
    const created = steps.filter(({ op }) => op === "create").length;
    const functions = steps.filter(({ op, urn }) => op === "create" && parseUrn(urn).type === FUNCTION);
    const such =
        functions.length > 0 ? `, such as the function ${oneLine(String(functions[0].newState?.inputs?.name))}` : "";
    return `The state of stack ${stack} of project ${project} is empty, so all ${created} resources would be created, and AWS refuses those that exist${such}: set the backend, the project's name and the stack's name to those of the last deployment,`;
}
