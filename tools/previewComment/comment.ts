import { KINDS, type Change, type Changes } from "./changes";
import type { Finding, PolicyFindings } from "./findings";
import { block, cell, code, table } from "./markdown";
import { type Part, passed, type StackReport } from "./stackReport";

/** The first line of the comment, which nobody sees: by it the next run finds the comment that it updates. */
export const MARKER = "<!-- quartet: preview -->";

/** The most characters of a comment: GitHub takes 65 536. */
export const MOST_CHARACTERS = 65_000;

/**
 * The comment of a pull request: what each stack would become, and what policy, guard and cost say of that.
 *
 * Where it would be longer than GitHub takes, lists are cut, and say so.
 *
 * @param commit What was previewed, as a full commit id.
 */
export function comment(reports: readonly StackReport[], commit: string): string {
    for (const most of [400, 150, 60, 20, 5]) {
        const text = render(reports, commit, most);
        if (text.length <= MOST_CHARACTERS) {
            return text;
        }
    }
    return render(reports, commit, 0);
}

/** @param most The most rows of a list, and lines of a block. */
function render(reports: readonly StackReport[], commit: string, most: number): string {
    return [
        MARKER,
        `### ${reports.every(passed) ? "Preview" : "Preview: something needs to be done"}`,
        "",
        ...table(["stack", ...KINDS, "unchanged", "policies", "guard", "cost"], reports.map(summary)),
        "",
        ...reports.flatMap((report) => details(report, most)),
        `For ${code(commit)}. Values of properties are not shown; the log of the job has everything else.`,
        "",
    ].join("\n");
}

function summary({ stack, preview, policy, guard, cost }: StackReport): string[] {
    const count = ({ changes }: Changes, kind: string) => changes.filter((change) => change.kind === kind).length;
    const counts = KINDS.map((kind) => (preview.content ? String(count(preview.content, kind)) : "?"));
    return [
        `${code(stack)}${preview.passed ? "" : " **failed**"}`,
        ...counts,
        preview.content ? String(preview.content.same) : "?",
        verdictOfPolicies(policy),
        verdict(guard),
        verdict(cost),
    ];
}

function verdictOfPolicies({ passed, content }: Part<PolicyFindings>): string {
    const text = content ? `${content.mandatory.length} mandatory, ${content.advisory.length} advisory` : "failed";
    return passed ? text : `**${text}**`;
}

function verdict({ passed }: Part<unknown>): string {
    return passed ? "passed" : "**failed**";
}

function details({ stack, preview, policy, guard, cost }: StackReport, most: number): string[] {
    return [
        `<details><summary>${code(stack)}</summary>`,
        "",
        ...section("Changes", preview, (changes) => changeLines(changes, most)),
        ...section("Policies", policy, (findings) => findingLines(findings, most)),
        ...section("Guard", guard, (text) => blockLines(text, most)),
        ...section("Cost", cost, (text) => blockLines(text, most)),
        "</details>",
        "",
    ];
}

function section<T>(title: string, { content, problem }: Part<T>, lines: (content: T) => string[]): string[] {
    return [
        `**${title}**`,
        "",
        ...(problem ? [cell(problem), ""] : []),
        ...(content === undefined ? [] : lines(content)),
        "",
    ];
}

function changeLines({ changes, errors }: Changes, most: number): string[] {
    const row = ({ kind, type, name, properties }: Change) => [
        (KINDS as readonly string[]).includes(kind) ? kind : `**${cell(shortened(kind))}**`,
        code(shortened(type)),
        code(shortened(name)),
        list(properties),
    ];
    const shown = changes.slice(0, most).map(row);
    return [
        ...errors.slice(0, most).map((error) => block(shortened(error))),
        ...(errors.length > most ? [cut(errors.length - most, "errors"), ""] : []),
        ...(changes.length === 0 ? ["Nothing changes."] : []),
        ...(shown.length > 0 ? table(["", "type", "name", "properties"], shown) : []),
        ...(changes.length > most ? ["", cut(changes.length - most, "changes")] : []),
    ];
}

function list(properties: readonly string[]): string {
    const shown = properties.slice(0, MOST_PROPERTIES).map((property) => code(shortened(property)));
    return [...shown, ...(properties.length > shown.length ? [`${properties.length - shown.length} more`] : [])].join(
        ", ",
    );
}

const MOST_PROPERTIES = 12;

function findingLines({ mandatory, advisory, rules }: PolicyFindings, most: number): string[] {
    const rows = [
        ...mandatory.map(({ rule, message }) => ["**mandatory**", code(rule), cell(shortened(message))]),
        ...byRule(advisory).map(([{ rule, message }, ...more]) => [
            "advisory",
            code(rule),
            `${cell(shortened(message))}${more.length > 0 ? ` And ${more.length} more of this rule.` : ""}`,
        ]),
    ];
    return [
        `${rules} rules.${rows.length === 0 ? " They find nothing." : ""}`,
        "",
        ...(rows.length > 0 && most > 0 ? table(["level", "rule", "finding"], rows.slice(0, most)) : []),
        ...(rows.length > most ? ["", cut(rows.length - most, "findings")] : []),
    ];
}

/** What only advises is the same in most pull requests: one finding of each rule is enough. */
function byRule(findings: readonly Finding[]): Finding[][] {
    const rules = [...new Set(findings.map(({ rule }) => rule))];
    return rules.map((rule) => findings.filter((finding) => finding.rule === rule));
}

function blockLines(text: string, most: number): string[] {
    const lines = text.split(/\r?\n/);
    const shown = lines
        .slice(0, most)
        .map((line) => shortened(line))
        .join("\n");
    return [...(shown ? [block(shown)] : []), ...(lines.length > most ? [cut(lines.length - most, "lines")] : [])];
}

function cut(count: number, what: string): string {
    return `${count} more ${what}: see the log of the job.`;
}

/** One line of what a resource or tool says is never more than a reader takes in. */
function shortened(text: string): string {
    return text.length > MOST_OF_A_LINE ? `${text.slice(0, MOST_OF_A_LINE)} …` : text;
}

const MOST_OF_A_LINE = 400;
