import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectFolder } from "../../support/plans";
import { type Ended, fakeCommands, runIn } from "./commands";
import { parseWorkflow } from "./workflow";

/** Runs the script of a step of one of our actions, in a folder that is also the runner's temporary one. */
export function script(
    folder: string,
    action: string,
    step: string,
    env: Readonly<Record<string, string>>,
    commands: Readonly<Record<string, string>> = {},
): Ended & { readonly file: (name: string) => string } {
    const file = path.join(projectFolder, ".github/actions", action, "action.yml");
    const { steps } = parseWorkflow(file, fs.readFileSync(file, "utf8")).jobs[0];
    const run = steps.find(({ name }) => name === step)?.run;
    assert.ok(run, `${action} has no script "${step}"`);
    const files = { GITHUB_ENV: path.join(folder, "env"), GITHUB_PATH: path.join(folder, "path") };
    Object.values(files).forEach((name) => fs.writeFileSync(name, ""));
    const bin = fakeCommands(folder, commands);
    // GitHub's own options for `shell: bash`.
    const bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run];
    const ended = runIn(folder, bash, { bin, env: { RUNNER_TEMP: folder, ...files, ...env } });
    return { ...ended, file: (name) => fs.readFileSync(path.join(folder, name), "utf8") };
}
