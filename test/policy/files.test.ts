import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { loadRules } from "../../policy/support/loadRules";
import type { Rule } from "../../policy/support/rule";
import { configText, documentText, JUDGED_STACKS } from "../../tools/policy/files";
import { projectFolder } from "../support/plans";

const read = (name: string) => fs.readFileSync(path.join(projectFolder, name), "utf8");

/** What `npm run policies` would write. */
async function formatted(name: string, text: string): Promise<string> {
    const filepath = path.join(projectFolder, name);
    return prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath });
}

describe("what is made from the rules", () => {
    const rules = loadRules();

    it("is what POLICIES.md says, else run `npm run policies`", async () => {
        assert.equal(read("POLICIES.md"), await formatted("POLICIES.md", documentText(rules)));
    });

    for (const stack of JUDGED_STACKS) {
        it(`is what policy/${stack}.json configures, else run \`npm run policies\``, async () => {
            const name = `policy/${stack}.json`;

            const text = await formatted(name, configText(rules, stack, JSON.parse(read(name))));

            assert.equal(read(name), text);
        });
    }

    it("keeps the exceptions that people wrote, and the options of each stack", () => {
        const exceptions = [
            { resource: "aws:s3/bucket:Bucket::logs", reason: "it is a target", expires: "2027-01-01" },
        ];
        const option = { what: "Days.", schema: { type: "integer" }, dev: 1, prod: 7 };
        const changed: Rule[] = [{ ...rules[0], options: { days: option } }, rules[1]];

        const text = configText(changed, "prod", { [rules[0].id]: { enforcementLevel: "disabled", exceptions } });

        assert.deepEqual(JSON.parse(text), {
            [rules[0].id]: { enforcementLevel: rules[0].levels.prod, days: 7, exceptions },
            [rules[1].id]: rules[1].levels.prod,
        });
    });

    it("refuses to drop exceptions of a rule that is gone", () => {
        const exceptions = [
            { resource: "aws:s3/bucket:Bucket::logs", reason: "it is a target", expires: "2027-01-01" },
        ];

        assert.throws(
            () => configText(rules, "dev", { "s3-gone": { enforcementLevel: "mandatory", exceptions } }),
            /policy\/dev\.json has exceptions for s3-gone, which the pack does not have\./,
        );
    });
});
