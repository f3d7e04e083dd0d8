import * as fs from "node:fs";
import * as path from "node:path";
import type { PolicyPackConfig } from "@pulumi/policy";
import * as v from "valibot";
import { exceptionsOf } from "./exceptions";
import type { JudgedStack, Rule, RuleConfig } from "./rule";

/**
 * The config in the pack's folder for a stack, so that the pack is as strict without `--policy-pack-config`.
 *
 * @throws When the file has entries for rules that the pack lacks, which would stop an engine without saying so clearly, or
 * exceptions that are not as they must be, naming both.
 */
export function readPackConfig(folder: string, stack: JudgedStack, rules: readonly Rule[]): PolicyPackConfig {
    const name = `${stack}.json`;
    const config = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as PolicyPackConfig;
    for (const [id, entry] of Object.entries(config)) {
        if (!rules.some((rule) => rule.id === id)) {
            throw new Error(`policy/${name}: there is no rule ${id}.`);
        }
        checkExceptions(`policy/${name}: ${id}`, typeof entry === "object" ? entry : {});
    }
    return config;
}

function checkExceptions(place: string, config: RuleConfig): void {
    try {
        exceptionsOf(config);
    } catch (error) {
        if (!v.isValiError(error)) {
            throw error;
        }
        const [issue] = error.issues;
        throw new Error(`${place}.exceptions.${v.getDotPath(issue) ?? ""}: ${issue.message}.`, { cause: error });
    }
}
