import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "yaml";

/** The Pulumi project in a folder: its name, and the config of one of its stacks. */
export interface Project {
    /** Absolute path of the folder. */
    readonly folder: string;
    readonly name: string;
    readonly stack: string;
    /** By full key, e.g. `aws:region`; values as they stand in the file. */
    readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml`.
 *
 * @throws When a file is missing or no YAML, naming it and the stacks there are; and when a value is encrypted.
 */
export function readProject(folder: string, stack: string): Project {
    const { name } = readYaml(path.join(folder, "Pulumi.yaml")) as { name: string };
    const file = path.join(folder, `Pulumi.${stack}.yaml`);
    if (!fs.existsSync(file)) {
        throw new Error(
            `There is no stack ${stack} (no file Pulumi.${stack}.yaml); the stacks are ${stacksOf(folder).join(", ")}.`,
        );
    }
    const { config = {} } = readYaml(file) as { config?: Record<string, unknown> };
    for (const [key, value] of Object.entries(config)) {
        if (typeof value === "object" && value !== null && "secure" in value) {
            throw new Error(`${key} in Pulumi.${stack}.yaml is encrypted; without Pulumi's engine it can't be read.`);
        }
    }
    return { folder, name, stack, config };
}

/** Config as Pulumi hands it to a program: structured values as JSON text. */
export function configAsText(config: Readonly<Record<string, unknown>>): Record<string, string> {
    const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)]));
}

/** Names of the stacks that have a config file in a folder. */
export function stacksOf(folder: string): string[] {
    return fs.readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

function readYaml(file: string): unknown {
    try {
        return yaml.parse(fs.readFileSync(file, "utf8")) ?? {};
    } catch (error) {
        throw new Error(`${path.basename(file)} can't be read: ${(error as Error).message}`, { cause: error });
    }
}
