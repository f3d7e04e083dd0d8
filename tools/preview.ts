import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { readProject } from "../plan/project";
import { levelsOf } from "../policy/support/levels";
import { startStandIns } from "./engine/standIns";
import { run } from "./run";

// The command `npm run preview`.

const HELP = `Previews a stack as new, by Pulumi's own engine and with the policy pack, without an AWS account: stand-ins answer in
place of the providers, and the state is thrown away. It shows every resource, and what the pack says about it.

  npm run preview -- [options]

  --stack NAME   (default dev)
  --json         print what \`pulumi preview --json\` prints

Needs the Pulumi CLI on PATH. Ends with the CLI's code, which is not 0 when there is a mandatory finding. For the changes to
a stack that is deployed, with your credentials:

  pulumi preview --stack dev --policy-pack policy --policy-pack-config policy/dev.json`;

run(async () => {
    const { values } = parseArgs({
        options: {
            stack: { type: "string", default: "dev" },
            json: { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const folder = path.dirname(__dirname);
    const { stack } = readProject(folder, values.stack);
    if (spawnSync("pulumi", ["version"]).error) {
        throw new Error("There is no pulumi on PATH: install the Pulumi CLI, or use npm run policy, which needs none.");
    }
    process.exitCode = await preview(folder, stack, values.json ? ["--json"] : ["--suppress-outputs"]);
});

async function preview(folder: string, stack: string, args: readonly string[]): Promise<number> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-preview-"));
    // The CLI gets Ctrl-C, too, and ends by itself; what is left is cleared below.
    process.on("SIGINT", () => {});
    const { env, close } = await startStandIns(home);
    try {
        // `stack init` writes to the stack's config, which is therefore a copy.
        const config = path.join(home, `Pulumi.${stack}.yaml`);
        fs.copyFileSync(path.join(folder, `Pulumi.${stack}.yaml`), config);
        fs.copyFileSync(path.join(folder, "Pulumi.yaml"), path.join(home, "Pulumi.yaml"));
        const init = ["stack", "init", stack, "--cwd", home, "--non-interactive"];
        const code = await pulumi(init, env, ["ignore", "ignore", "inherit"]);
        if (code !== 0) {
            return code;
        }
        const pack = path.join(folder, "policy");
        return await pulumi(
            [
                ...["preview", "--cwd", folder, "--stack", stack, "--config-file", config, "--non-interactive"],
                ...["--policy-pack", pack, "--policy-pack-config", path.join(pack, `${levelsOf(stack)}.json`)],
                ...args,
            ],
            env,
            ["ignore", "inherit", "inherit"],
        );
    } finally {
        close();
        fs.rmSync(home, { recursive: true, force: true });
    }
}

function pulumi(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    stdio: ("ignore" | "inherit")[],
): Promise<number> {
    return new Promise((resolve, reject) => {
        const child = spawn("pulumi", args, { env, stdio });
        child.once("error", reject).once("close", (code) => resolve(code ?? 1));
    });
}
