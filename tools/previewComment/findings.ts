/** What the policy pack found in a stack. */
export interface PolicyFindings {
    readonly mandatory: readonly Finding[];
    readonly advisory: readonly Finding[];
    /** How many rules judged. */
    readonly rules: number;
}

/** A finding of one rule, about one resource or the stack. */
export interface Finding {
    readonly rule: string;
    readonly message: string;
}

/**
 * Reads what `npm run policy -- --json` prints of a stack.
 *
 * @throws When the text is something else, or tells of other stacks only.
 */
export function readFindings(text: string, stack: string): PolicyFindings {
    let stacks: Stacks["stacks"];
    try {
        stacks = (JSON.parse(text) as Stacks).stacks;
    } catch {
        throw new Error("What npm run policy printed is no complete JSON.");
    }
    const judged = stacks?.[stack];
    if (!Array.isArray(judged?.findings)) {
        throw new Error(`What npm run policy printed tells nothing of ${stack}.`);
    }
    const of = (level: string) =>
        judged.findings
            .filter((finding) => finding.level === level)
            .map(({ rule, message }): Finding => ({ rule, message }));
    return { mandatory: of("mandatory"), advisory: of("advisory"), rules: judged.rules };
}

interface Stacks {
    readonly stacks?: Readonly<
        Record<string, { readonly findings: readonly (Finding & { readonly level: string })[]; readonly rules: number }>
    >;
}
