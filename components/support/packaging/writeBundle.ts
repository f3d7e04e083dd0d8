import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Bundle } from "../bundle";

/**
 * Writes a bundle to `dist/<name>-<hash>/index.js`. The hash is of the content, so that nothing changes under a process that
 * runs from it.
 *
 * @returns The file's path, relative to the working folder, so that the state names no folder of this machine.
 */
export async function writeBundle(name: string, { code, sha256 }: Bundle): Promise<string> {
    const folder = path.join("dist", `${name}-${sha256.slice(0, 12)}`);
    const file = path.join(folder, "index.js");
    await fs.promises.mkdir(folder, { recursive: true });
    const whole = `${file}.${crypto.randomUUID()}`;
    await fs.promises.writeFile(whole, code);
    await fs.promises.rename(whole, file);
    return file;
}
