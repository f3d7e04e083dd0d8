import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectFolder } from "./plans";

/** What a checkout holds that running the program needs. */
const PARTS = [
    "index.ts",
    "components",
    "handlers",
    "plan",
    "local",
    "policy",
    "tools",
    "Dockerfile",
    ".dockerignore",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
];

/**
 * Copies the project to a folder of its own, so that nothing is written to this checkout; packages are linked.
 *
 * @param name Name of the folder.
 * @param parent Where it is made. @default a new temporary folder
 */
export function copyProject(name: string, parent = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"))): string {
    const copy = path.join(parent, name);
    fs.mkdirSync(copy);
    const stacks = fs.readdirSync(projectFolder).filter((file) => /^Pulumi\..*yaml$/.test(file));
    for (const part of [...PARTS, ...stacks]) {
        fs.cpSync(path.join(projectFolder, part), path.join(copy, part), { recursive: true });
    }
    fs.symlinkSync(path.join(projectFolder, "node_modules"), path.join(copy, "node_modules"));
    return copy;
}
