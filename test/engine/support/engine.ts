import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Computed } from "../../../tools/engine/provider";
import { startStandIns } from "../../../tools/engine/standIns";
import { projectFolder } from "../../support/plans";
import { copyProject } from "../../support/projectCopy";

/** The Pulumi CLI with a state of its own and stand-ins for AWS and for the plugin that makes awsx's components. */
export interface Engine {
    /** Copies the program to a folder of this name, so that nothing is written to the checkout. Returns the folder. */
    copyProject(name: string): string;
    /** Writes a program of its own, by the text of its `index.js`, to a folder of this name. Returns the folder. */
    writeProgram(name: string, text: string): string;
    /** Runs the CLI in a folder, to its end. */
    pulumi(folder: string, ...args: string[]): Promise<Ended>;
    /** Deletes the state and all copies. */
    close(): void;
}

/** What a command left. */
export interface Ended {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

/**
 * Starts an engine. Give each stack its own, or await one command before the next: its providers serve one at a time.
 *
 * @param computed What the provider computes in place of what a program leaves out.
 */
export async function startEngine(computed?: Computed): Promise<Engine> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-engine-"));
    const { env, close } = await startStandIns(home, computed);
    return {
        copyProject: (name) => copyProject(name, home),
        writeProgram: (name, text) => writeProgram(path.join(home, name), text),
        pulumi: (folder, ...args) =>
            run("pulumi", [...args, "--cwd", folder, "--non-interactive", "--color", "never"], env),
        close() {
            close();
            fs.rmSync(home, { recursive: true });
        },
    };
}

function writeProgram(folder: string, text: string): string {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: program\nruntime: nodejs\n");
    fs.writeFileSync(path.join(folder, "package.json"), '{"name":"program","main":"index.js"}');
    fs.writeFileSync(path.join(folder, "index.js"), text);
    fs.symlinkSync(path.join(projectFolder, "node_modules"), path.join(folder, "node_modules"));
    return folder;
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
        let [stdout, stderr] = ["", ""];
        child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        child.once("error", reject).once("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    });
}
