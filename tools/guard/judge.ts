import { oneLine } from "../oneLine";
import { emptyState } from "./emptyState";
import { effectOf } from "./ops";
import type { Preview, Step } from "./preview";
import { FUNCTION, STATEFUL, type Held } from "./stateful";
import { parseUrn } from "./urn";

/** How a preview is judged. */
export interface JudgeOptions {
    /** The stack has been deployed before: that nothing is known of it is a finding. */
    readonly expectState: boolean;
}

const ALLOW = "or, if it is meant, allow it with the label and a reason";

/**
 * What a deployment would lose or break, by its preview: a sentence for each resource, which names it and the ways out. None
 * when nothing stateful is deleted or replaced, no function is made again, and, if it is expected, the state is there.
 */
export function judge(preview: Preview, { expectState }: JudgeOptions): string[] {
    const empty = expectState ? emptyState(preview) : undefined;
    const lost = Array.from(byResource(preview.steps).values(), (steps) => losing(steps));
    return [empty && `${empty} ${ALLOW}.`, ...lost, ...madeAgain(preview.steps)].filter((text) => text !== undefined);
}

/** A resource has several steps with `--show-replacement-steps`. */
function byResource(steps: readonly Step[]): Map<string, Step[]> {
    const groups = new Map<string, Step[]>();
    for (const step of steps) {
        groups.set(step.urn, [...(groups.get(step.urn) ?? []), step]);
    }
    return groups;
}

function losing(steps: readonly Step[]): string | undefined {
    const { urn } = steps[0];
    const held: Held | undefined = Object.hasOwn(STATEFUL, parseUrn(urn).type)
        ? STATEFUL[parseUrn(urn).type]
        : undefined;
    const effects = new Set(steps.map(({ op }) => effectOf(op)));
    if (held === undefined) {
        return undefined;
    }
    if (effects.has("replaced")) {
        const reasons = [...new Set(steps.flatMap(({ replaceReasons }) => replaceReasons ?? []))];
        const because = reasons.length > 0 ? `, because ${reasons.map(oneLine).join(", ")} changes` : "";
        return `${named(urn)} would be replaced${because}, and with it go ${held.what}: undo that change, ${ALLOW}.`;
    }
    if (effects.has("deleted") && !held.onlyReplaced) {
        return `${named(urn)} would be deleted, and with it go ${held.what}: keep it in the program, give it an alias if it only has another name there, ${ALLOW}.`;
    }
    if (effects.has("forgotten") && !held.onlyReplaced) {
        return `${named(urn)} would be dropped from the state, though it is there: keep reading it in the program, ${ALLOW}.`;
    }
    return undefined;
}

/** Functions that would be created under a name that another resource of the state has. */
function madeAgain(steps: readonly Step[]): string[] {
    const there = new Map(functionsOf(steps, "oldState").map(({ urn, name }) => [name, urn]));
    return functionsOf(steps, "newState").flatMap(({ op, urn, name }) => {
        const other = there.get(name);
        return op === "create" && other !== undefined && other !== urn
            ? [
                  `${named(urn)} would be created as ${oneLine(name)}, which exists as ${named(other)}, so AWS would refuse it: give it an alias with its old name, ${ALLOW}.`,
              ]
            : [];
    });
}

function functionsOf(steps: readonly Step[], state: "oldState" | "newState") {
    return steps.flatMap((step) => {
        const name = step[state]?.inputs?.name;
        return parseUrn(step.urn).type === FUNCTION && typeof name === "string" ? [{ ...step, name }] : [];
    });
}

function named(urn: string): string {
    const { name, type } = parseUrn(urn);
    return `${oneLine(name)} (${oneLine(type)})`;
}
