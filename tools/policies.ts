import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { loadRules } from "../policy/support/loadRules";
import { configText, documentText, JUDGED_STACKS, type RuleEntry } from "./policy/files";
import { run } from "./run";

// The command `npm run policies`: writes what is made from the rules.

run(async () => {
    const folder = path.dirname(__dirname);
    const rules = loadRules();
    const write = async (name: string, text: string) => {
        const filepath = path.join(folder, name);
        const options = await prettier.resolveConfig(filepath);
        fs.writeFileSync(filepath, await prettier.format(text, { ...options, filepath }));
        console.log(`wrote ${name}`);
    };
    for (const stack of JUDGED_STACKS) {
        const name = `policy/${stack}.json`;
        const file = path.join(folder, name);
        const present = JSON.parse(fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "{}") as Record<
            string,
            RuleEntry
        >;
        await write(name, configText(rules, stack, present));
    }
    await write("POLICIES.md", documentText(rules));
});
