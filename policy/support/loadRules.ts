import * as fs from "node:fs";
import * as path from "node:path";
import type { Rule } from "./rule";

/**
 * All rules: the files of `policy/rules/<service>/`, by folder and name.
 *
 * @throws When a file exports no rule, or one whose id is not the file's name.
 */
export function loadRules(): Rule[] {
    const folder = path.join(__dirname, "../rules");
    const services = fs.readdirSync(folder).sort();
    return services.flatMap((service) =>
        fs
            .readdirSync(path.join(folder, service))
            .filter((file) => file.endsWith(".ts"))
            .sort()
            .map((file) => {
                const { rule } = require(path.join(folder, service, file)) as { rule?: Rule };
                if (rule?.id !== path.parse(file).name) {
                    throw new Error(`policy/rules/${service}/${file} must export a rule whose id is the file's name.`);
                }
                return rule;
            }),
    );
}
