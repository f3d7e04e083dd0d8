import { loadRules } from "../../policy/support/loadRules";
import type { Finding, Judgement } from "./judge";

/** Judgements as one JSON document, `{"stacks": {"dev": {…}}}`. */
export function asJson(judgements: readonly Judgement[]): string {
    return JSON.stringify(
        { stacks: Object.fromEntries(judgements.map(({ stack, ...judgement }) => [stack, judgement])) },
        undefined,
        2,
    );
}

/** A judgement for people: findings by rule, resources with the same fault on one line, then what was not judged. */
export function asText(judgement: Judgement): string {
    const { stack, findings, resources, rules, unjudgedTypes, remoteTypes } = judgement;
    const mends = new Map(loadRules().map(({ id, mend }) => [id, mend]));
    return [
        `${stack}: ${resources} resources, ${rules} rules`,
        ...(["mandatory", "advisory"] as const).flatMap((level) =>
            [...groups(of(findings, level), ({ rule }) => rule)].flatMap(([rule, found]) =>
                section(rule, mends.get(rule) ?? "", found),
            ),
        ),
        "",
        ...types("No rule looks at", unjudgedTypes),
        ...types("Seen in a preview only, as their plugin makes their parts:", remoteTypes),
        `  ${of(findings, "mandatory").length} mandatory, ${of(findings, "advisory").length} advisory`,
    ].join("\n");
}

/** What one rule found: its mend once, unless a message has one of its own. */
function section(rule: string, mend: string, findings: readonly Finding[]): string[] {
    const fault = ({ message, resource }: Finding) =>
        message.replace(` ${mend}`, "").replace(new RegExp(`^${escaped(resource?.name ?? "")} `), "");
    const lines = [...groups(findings, fault)].map(([text, same]) => {
        const names = [...new Set(same.map(({ resource }) => resource?.name ?? "the stack"))];
        return `    ${text}\n      ${shortened(names)}`;
    });
    return ["", `  ${findings[0].level}  ${rule}: ${findings[0].title}`, `    Mend: ${mend}`, ...lines];
}

/** More names than a line holds are counted; `--json` has them all. */
function shortened(names: readonly string[]): string {
    const shown = names.slice(0, MOST_NAMES).join(", ");
    return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

const MOST_NAMES = 8;

function of(findings: readonly Finding[], level: Finding["level"]): Finding[] {
    return findings.filter((finding) => finding.level === level);
}

function groups<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
    const found = new Map<string, T[]>();
    for (const item of items) {
        found.set(key(item), [...(found.get(key(item)) ?? []), item]);
    }
    return found;
}

function types(title: string, names: readonly string[]): string[] {
    return names.length > 0 ? [`  ${title} ${names.join(", ")}`] : [];
}

function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
