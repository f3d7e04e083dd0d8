import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { PlannedArchive } from "../../../plan/types";

/** A function's files, ready to run. */
export interface CodePackage {
    /** Absolute path of `LAMBDA_TASK_ROOT`. */
    readonly taskRoot: string;
    /** Base64, as `CodeSha256` of the API; of the archive's names and contents, not of a zip file. */
    readonly sha256: string;
    /** Unpacked size in bytes. */
    readonly bytes: number;
}

/**
 * Copies an archive's files to `<dataDir>/lambda/<function>/<hash>/`, once for each content, so that nothing changes under a
 * function that runs.
 *
 * @throws When a name leads out of the archive.
 */
export async function packageCode(
    dataDir: string,
    functionName: string,
    { archive }: PlannedArchive,
): Promise<CodePackage> {
    const files = Object.entries(archive).sort(([a], [b]) => (a < b ? -1 : 1));
    const digest = crypto.createHash("sha256");
    for (const [name, { sha256 }] of files) {
        digest.update(`${name}\0${sha256}\0`);
    }
    const hash = digest.digest();
    const folder = functionFolder(dataDir, functionName);
    const taskRoot = path.join(folder, hash.toString("hex").slice(0, 16));
    if (!fs.existsSync(taskRoot)) {
        const unfinished = `${taskRoot}.${process.pid}`;
        for (const [name, { file }] of files) {
            const target = path.join(unfinished, name);
            if (!target.startsWith(unfinished + path.sep)) {
                throw new Error(`Function ${functionName}: the archive's file ${name} lies outside of the archive`);
            }
            await fs.promises.mkdir(path.dirname(target), { recursive: true });
            await fs.promises.copyFile(file, target);
        }
        await fs.promises.rename(unfinished, taskRoot);
    }
    return { taskRoot, sha256: hash.toString("base64"), bytes: files.reduce((sum, [, { bytes }]) => sum + bytes, 0) };
}

/** Removes what earlier runs left of a function, except its present code. Only while none of its environments live. */
export function removeOldCode(dataDir: string, functionName: string, { taskRoot }: CodePackage): void {
    const folder = functionFolder(dataDir, functionName);
    for (const entry of fs.readdirSync(folder)) {
        if (entry !== path.basename(taskRoot)) {
            fs.rmSync(path.join(folder, entry), { recursive: true, force: true });
        }
    }
}

/** Where a function's code and the temporary files of its environments lie. */
export function functionFolder(dataDir: string, functionName: string): string {
    return path.resolve(dataDir, "lambda", functionName);
}
