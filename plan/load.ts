import { spawn } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { configAsText, type Project } from "./project";
import type { Plan } from "./types";

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
    const cached = readCached(project.folder, file);
    if (!cached) {
        onEvaluate?.();
    }
    return cached ?? evaluateApart(project, file);
}

function readCached(folder: string, file: string): Plan | undefined {
    if (!fs.existsSync(file)) {
        return undefined;
    }
    const text = fs.readFileSync(file, "utf8");
    return artifactsIn(text).every((artifact) => fs.existsSync(path.join(folder, artifact)))
        ? (JSON.parse(text) as Plan)
        : undefined;
}

/** What an evaluation writes beside the plan: the code of functions, and the programs that stand for images. */
function artifactsIn(text: string): string[] {
    return [...new Set(text.match(/\bdist(?:\/[\w.-]+)+/g))];
}

/** Everything that an evaluation reads, and the version of Node that it runs on. */
function cacheKey({ folder, name, stack, config }: Project): string {
    const hash = crypto
        .createHash("sha256")
        .update(JSON.stringify({ folder, name, stack, config, node: process.version }));
    const sources = SOURCES.map((name) => path.join(folder, name));
    for (const file of [...sources, __dirname].flatMap(filesBelow)) {
        hash.update(`\0${file}\0${fs.statSync(file).mode}\0`).update(fs.readFileSync(file));
    }
    return hash.digest("hex");
}

/** Programs, and what images are built from, whose tag is a hash of it. */
const SOURCES = [
    ...["index.ts", "components", "handlers", "tsconfig.json", "package.json", "package-lock.json"],
    ...["Dockerfile", ".dockerignore", "tools"],
];

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
