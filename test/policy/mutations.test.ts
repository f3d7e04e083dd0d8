import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadRules } from "../../policy/support/loadRules";
import type { Rule } from "../../policy/support/rule";
import { planOf } from "../support/plans";
import { analyze, analyzeStack } from "./support/judge";
import type { Mutation } from "./support/mutation";
import { declaredResources } from "./support/program";

const rules = loadRules();
const folder = path.join(__dirname, "mutations");
const mutations = fs
    .readdirSync(folder)
    .flatMap((file) => (require(path.join(folder, file)) as { mutations: readonly Mutation[] }).mutations);

describe("a change to the program", () => {
    for (const { rule: id, when, stack = "prod", options = {}, change } of mutations) {
        it(`is stopped by ${id} when ${when}`, async () => {
            const rule = withOptions(id, options);
            const before = declaredResources(await planOf(stack));

            const after = change(before);

            const touched = after.filter((resource) => !before.includes(resource));
            const findings = [
                ...(await Promise.all(touched.map((resource) => analyze([rule], resource, stack)))).flat(),
                ...(await analyzeStack([rule], after, stack)),
            ];
            assert.ok(
                findings.some(({ level }) => level === "mandatory"),
                `nothing mandatory was found: ${JSON.stringify(findings)}`,
            );
        });
    }

    it("is tried for each rule that is mandatory somewhere", () => {
        const tried = new Set(mutations.map(({ rule }) => rule));

        const untried = rules.filter(({ id, levels }) => Object.values(levels).includes("mandatory") && !tried.has(id));

        assert.deepEqual(
            untried.map(({ id }) => id),
            [],
        );
    });
});

function withOptions(id: string, values: Readonly<Record<string, unknown>>): Rule {
    const rule = rules.find((each) => each.id === id);
    assert.ok(rule, `there is no rule ${id}`);
    const options = Object.entries(rule.options ?? {}).map(([key, option]) => [
        key,
        key in values ? { ...option, dev: values[key], prod: values[key] } : option,
    ]);
    return { ...rule, options: Object.fromEntries(options) };
}
