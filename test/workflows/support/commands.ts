import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** What a command did. */
export interface Ended {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** A new folder for a test, which is deleted at its end. */
export function newFolder(context: Mocha.Context): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-workflows-"));
    const test = context.currentTest ?? context.test;
    test?.parent?.afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
    return folder;
}

/** Puts commands into a folder for PATH, each a script of bash. */
export function fakeCommands(folder: string, scripts: Readonly<Record<string, string>>): string {
    const bin = path.join(folder, "bin");
    fs.mkdirSync(bin, { recursive: true });
    for (const [name, script] of Object.entries(scripts)) {
        fs.writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${script}\n`, { mode: 0o755 });
    }
    return bin;
}

/**
 * Runs a command with few variables, so that none of this process takes part.
 *
 * @param bin A folder in front of PATH.
 */
export function runIn(
    folder: string,
    [command, ...args]: readonly string[],
    { bin, env = {} }: { readonly bin: string; readonly env?: Readonly<Record<string, string>> },
): Ended {
    const PATH = `${bin}${path.delimiter}${process.env.PATH}`;
    const { status, stdout, stderr } = spawnSync(command, args, {
        cwd: folder,
        env: { HOME: folder, ...env, PATH },
        encoding: "utf8",
    });
    return { code: status, stdout, stderr };
}
