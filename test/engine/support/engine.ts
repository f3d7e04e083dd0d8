import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { copyProject } from "../../support/projectCopy";
import { startComponentProvider } from "./componentProvider";
import { startProvider } from "./provider";

/** The Pulumi CLI with a state of its own and stand-ins for AWS and for the plugin that makes awsx's components. */
export interface Engine {
    /** Copies the program to a folder of this name, so that nothing is written to the checkout. Returns the folder. */
    copyProject(name: string): string;
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

/** Starts an engine. Give each stack its own, or await one command before the next: its providers serve one at a time. */
export async function startEngine(): Promise<Engine> {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-engine-"));
    fs.mkdirSync(path.join(home, "state"));
    const [aws, awsx] = await Promise.all([startProvider(), startComponentProvider()]);
    const env = {
        // This Node first: the program must run on the version that the tests run on.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
        HOME: home,
        PULUMI_HOME: path.join(home, "pulumi"),
        PULUMI_BACKEND_URL: `file://${path.join(home, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},awsx:${awsx.port}`,
    };
    return {
        copyProject: (name) => copyProject(name, home),
        pulumi: (folder, ...args) =>
            run("pulumi", [...args, "--cwd", folder, "--non-interactive", "--color", "never"], env),
        close() {
            aws.close();
            awsx.close();
            fs.rmSync(home, { recursive: true });
        },
    };
}

function run(command: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
        let [stdout, stderr] = ["", ""];
        child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        child.once("error", reject).once("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    });
}
