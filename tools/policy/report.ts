import type { Finding, Judgement } from "./judge";

/** Judgements as one JSON document, `{"stacks": {"dev": {…}}}`. */
export function asJson(judgements: readonly Judgement[]): string {
    return JSON.stringify(
        { stacks: Object.fromEntries(judgements.map(({ stack, ...judgement }) => [stack, judgement])) },
        undefined,
        2,
    );
}

/** Prints a judgement for people: findings by rule, then what was judged and what was not. */
export function printJudgement(judgement: Judgement): void {
    const { stack, findings, resources, rules, unjudgedTypes, remoteTypes } = judgement;
    console.log(`\n${stack}: ${resources} resources, ${rules} rules`);
    for (const level of ["mandatory", "advisory"] as const) {
        for (const [rule, found] of byRule(findings.filter((finding) => finding.level === level))) {
            console.log(`\n  ${level}  ${rule}: ${found[0].title}`);
            found.forEach(({ message }) => console.log(`    ${message}`));
        }
    }
    console.log("");
    printTypes("No rule looks at", unjudgedTypes);
    printTypes("Seen in a preview only, as their plugin makes their parts:", remoteTypes);
    console.log(`  ${count(findings, "mandatory")} mandatory, ${count(findings, "advisory")} advisory`);
}

function byRule(findings: readonly Finding[]): Map<string, Finding[]> {
    const groups = new Map<string, Finding[]>();
    for (const finding of findings) {
        groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
    }
    return groups;
}

function printTypes(title: string, types: readonly string[]): void {
    if (types.length > 0) {
        console.log(`  ${title} ${types.join(", ")}`);
    }
}

function count(findings: readonly Finding[], level: Finding["level"]): number {
    return findings.filter((finding) => finding.level === level).length;
}
