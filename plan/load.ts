import { spawn } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { configAsText, type Project } from "./project";
import type { Plan, PlannedArchive } from "./types";

/** Where the plans of earlier evaluations lie, below the project's folder. */
const CACHE = ".cache/plans";

/**
 * The plan of a project's stack. The program is evaluated in a process of its own, which takes a second or two; as long as
 * nothing that it depends on changes (sources, config, lock file), the plan is then read from a file.
 *
 * @param onEvaluate Told when the program has to be evaluated.
 * @throws The program's own error, such as a sentence about the stack's config.
 */
export async function loadPlan(project: Project, onEvaluate?: () => void): Promise<Plan> {
    const file = path.join(project.folder, CACHE, `${cacheKey(project)}.json`);
    const cached = readCached(file);
    if (!cached) {
        onEvaluate?.();
    }
    return cached ?? evaluateApart(project, file);
}

function readCached(file: string): Plan | undefined {
    if (!fs.existsSync(file)) {
        return undefined;
    }
    const plan = JSON.parse(fs.readFileSync(file, "utf8")) as Plan;
    return archivesOf(plan).every(({ archive }) => Object.values(archive).every((item) => fs.existsSync(item.file)))
        ? plan
        : undefined;
}

function archivesOf({ resources }: Plan): PlannedArchive[] {
    const isArchive = (value: unknown): value is PlannedArchive =>
        typeof value === "object" && value !== null && "archive" in value;
    return resources.flatMap(({ inputs }) => Object.values(inputs).filter(isArchive));
}

/** Everything that an evaluation reads, and the version of Node that it runs on. */
function cacheKey({ folder, name, stack, config }: Project): string {
    const hash = crypto
        .createHash("sha256")
        .update(JSON.stringify({ folder, name, stack, config, node: process.version }));
    const sources = ["index.ts", "components", "handlers", "tsconfig.json", "package-lock.json"].map((name) =>
        path.join(folder, name),
    );
    for (const file of [...sources, __dirname].flatMap(filesBelow)) {
        hash.update(`\0${file}\0`).update(fs.readFileSync(file));
    }
    return hash.digest("hex");
}

function filesBelow(file: string): string[] {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isDirectory()) {
        return stat ? [file] : [];
    }
    return fs
        .readdirSync(file)
        .sort()
        .flatMap((name) => filesBelow(path.join(file, name)));
}

async function evaluateApart({ folder, name, stack, config }: Project, file: string): Promise<Plan> {
    const register = path.join(__dirname, "../tools/register.cjs");
    const child = spawn(process.execPath, ["--require", register, path.join(__dirname, "child.ts")], {
        cwd: folder,
        stdio: ["pipe", "ignore", "pipe"],
    });
    child.stdin.end(JSON.stringify({ project: name, stack, config: configAsText(config), folder, file }));
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    if (code !== 0) {
        throw new Error(errors.trim() || `The evaluation of the program ended with code ${code}.`);
    }
    const plan = JSON.parse(fs.readFileSync(file, "utf8")) as Plan;
    forgetOldest(path.dirname(file));
    return plan;
}

/** Plans that are kept: of a few stacks, with and without one's present changes. */
const KEPT = 30;

function forgetOldest(folder: string): void {
    const plans = fs.readdirSync(folder).map((name) => path.join(folder, name));
    const age = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const oldestFirst = plans.map((file) => ({ file, time: age(file) })).sort((a, b) => a.time - b.time);
    oldestFirst.slice(0, Math.max(0, plans.length - KEPT)).forEach(({ file }) => fs.rmSync(file, { force: true }));
}
