import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { configAsText, readProject, type Project } from "../../../plan/project";
import type { Plan } from "../../../plan/types";
import { projectFolder } from "../../support/plans";

/** The folder of the bootstrap. */
export const bootstrapFolder = path.join(projectFolder, "bootstrap");

/** The account and region of `Pulumi.example.yaml`. */
export const account = "111111111111";
export const region = "eu-west-1";

/** The bootstrap as a project with the config of `Pulumi.example.yaml`, with some keys changed or, by `undefined`, taken away. */
export function bootstrapProject(stack: string, config: Readonly<Record<string, unknown>> = {}): Project {
    const { config: example, ...project } = readProject(bootstrapFolder, "example");
    const changed = Object.entries({ ...example, ...config }).filter(([, value]) => value !== undefined);
    return { ...project, stack, config: Object.fromEntries(changed) };
}

/**
 * The plan of the bootstrap, evaluated in a process of its own; the same one is evaluated once.
 *
 * @throws What the program wrote, such as a sentence about its config.
 */
export function bootstrapPlan(stack: string, config: Readonly<Record<string, unknown>> = {}): Promise<Plan> {
    const project = bootstrapProject(stack, config);
    const key = JSON.stringify(project);
    const plan = plans.get(key) ?? evaluate(project);
    plans.set(key, plan);
    return plan;
}

const plans = new Map<string, Promise<Plan>>();

async function evaluate({ folder, name, stack, config }: Project): Promise<Plan> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-bootstrap-"));
    const file = path.join(home, "plan.json");
    const script = [
        "--require",
        path.join(projectFolder, "tools/register.cjs"),
        path.join(projectFolder, "plan/child.ts"),
    ];
    try {
        const child = spawn(process.execPath, script, { cwd: folder, stdio: ["pipe", "ignore", "pipe"] });
        child.stdin.end(JSON.stringify({ project: name, stack, config: configAsText(config), folder, file }));
        let errors = "";
        child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
        const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
        if (code !== 0) {
            throw new Error(errors.trim());
        }
        return JSON.parse(fs.readFileSync(file, "utf8")) as Plan;
    } finally {
        fs.rmSync(home, { recursive: true });
    }
}
