import type { JudgedStack, Rule } from "../../policy/support/rule";

/** The stacks that have a file of levels. */
export const JUDGED_STACKS: readonly JudgedStack[] = ["dev", "prod"];

/** The config of a rule in `policy/<stack>.json`, as Pulumi reads it. */
export type RuleEntry = string | ({ readonly enforcementLevel: string } & Readonly<Record<string, unknown>>);

/**
 * Text of `policy/<stack>.json`: level and options of each rule for the stack, and the exceptions that people wrote there.
 *
 * @param present What the file holds now.
 * @throws When it has exceptions for a rule that is gone.
 */
export function configText(
    rules: readonly Rule[],
    stack: JudgedStack,
    present: Readonly<Record<string, RuleEntry>>,
): string {
    const exceptionsOf = (id: string): unknown => {
        const entry = present[id];
        return typeof entry === "object" ? entry.exceptions : undefined;
    };
    const gone = Object.keys(present).filter((id) => exceptionsOf(id) && !rules.some((rule) => rule.id === id));
    if (gone.length > 0) {
        throw new Error(`policy/${stack}.json has exceptions for ${gone.join(", ")}, which the pack does not have.`);
    }
    const entries = byId(rules).map(({ id, levels, options = {} }): [string, RuleEntry] => {
        const values = Object.fromEntries(Object.entries(options).map(([key, option]) => [key, option[stack]]));
        const exceptions = exceptionsOf(id);
        const config = { enforcementLevel: levels[stack], ...values, ...(exceptions !== undefined && { exceptions }) };
        return [id, Object.keys(config).length === 1 ? levels[stack] : config];
    });
    return JSON.stringify(Object.fromEntries(entries), undefined, 4);
}

/** Text of `POLICIES.md`. */
export function documentText(rules: readonly Rule[]): string {
    const services = [...new Set(byId(rules).map(serviceOf))];
    const count = (level: string, stack: JudgedStack) => rules.filter(({ levels }) => levels[stack] === level).length;
    return [
        "# Policies",
        "",
        "The rules of the policy pack in `policy/`, made from them by `npm run policies`: change a rule, not this file.",
        "",
        `${rules.length} rules. On dev ${count("mandatory", "dev")} are mandatory and ${count("advisory", "dev")} advisory, on prod ${count("mandatory", "prod")} and ${count("advisory", "prod")}. A stack of another name is judged as prod. A rule that can't read what it needs makes a finding at its own level.`,
        "",
        ...services.flatMap((service) => [
            `## ${service}`,
            "",
            ...byId(rules)
                .filter((rule) => serviceOf(rule) === service)
                .flatMap(ruleLines),
        ]),
    ].join("\n");
}

function ruleLines(rule: Rule): string[] {
    const { id, title, why, mend, sources, severity, levels, types, joins = [], options = {} } = rule;
    return [
        `### ${id}`,
        "",
        `${title} ${why}`,
        "",
        `- **Mend**: ${mend}`,
        `- **Level**: dev ${levels.dev}, prod ${levels.prod}; severity ${severity}`,
        `- **Judges**: ${types.length > 0 ? code(types) : "the pack itself"}${joins.length > 0 ? `, by ${code(joins)}` : ""}`,
        ...Object.entries(options).map(
            ([key, { what, dev, prod }]) =>
                `- **Option** \`${key}\`: ${what} dev \`${JSON.stringify(dev)}\`, prod \`${JSON.stringify(prod)}\``,
        ),
        `- **Sources**: ${sources.join(", ")}`,
        "",
    ];
}

function serviceOf({ id }: Rule): string {
    return id.split("-")[0];
}

function byId(rules: readonly Rule[]): Rule[] {
    return [...rules].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function code(types: readonly string[]): string {
    return types.map((type) => `\`${type}\``).join(", ");
}
