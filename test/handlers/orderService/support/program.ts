import * as childProcess from "node:child_process";
import * as events from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";
import { bundleProgram } from "../../../../components/support/bundle";
import { createFeed, type Feed } from "../../../local/ecs/support/feed";

/** A line of the program's log. */
export type LogLine = Readonly<Record<string, any>>;

/** A container's program in a process of its own. */
export interface RunningProgram {
    /** What it wrote to stdout, a line of JSON each; stderr is not among it. */
    readonly lines: Feed<LogLine>;
    /** All that it wrote so far. */
    output(): string;
    /** Its folder for temporary files. */
    readonly temporary: string;
    signal(signal: NodeJS.Signals): void;
    /** Settled at its end, when all that it wrote is there. */
    readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts the program with these variables and no others; it ends with its test at the latest. */
export type StartProgram = (env: Readonly<Record<string, string | undefined>>) => RunningProgram;

const root = path.resolve(__dirname, "../../../..");
const ENTRY = "handlers/orderService/processOrder.ts";

/** Runs the same tests over the program as it is written, and as the image has it: bundled to one file. */
export function bothPrograms(title: string, suite: (start: StartProgram) => void): void {
    describe(`${title}, source form`, () => {
        suite(starter(() => ["--require", path.join(root, "tools/register.cjs"), path.join(root, ENTRY)]));
    });
    describe(`${title}, bundled form`, () => {
        let folder: string;
        before(async () => {
            folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
            fs.writeFileSync(path.join(folder, "index.js"), (await bundleProgram(ENTRY)).code);
        });
        after(() => fs.rmSync(folder, { recursive: true }));
        suite(starter(() => [path.join(folder, "index.js")]));
    });
}

function starter(args: () => readonly string[]): StartProgram {
    const running: RunningProgram[] = [];
    afterEach(async () => {
        for (const { signal, ended, temporary } of running.splice(0)) {
            signal("SIGKILL");
            await ended;
            fs.rmSync(temporary, { recursive: true });
        }
    });
    return (env) => {
        const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
        const program = run(args(), { PATH: process.env.PATH, ...env, TMPDIR: temporary }, temporary);
        running.push(program);
        return program;
    };
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, temporary: string): RunningProgram {
    const child = childProcess.spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const lines = createFeed<LogLine>();
    readline.createInterface({ input: child.stdout }).on("line", (line) => lines.add(JSON.parse(line)));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const ended = events.once(child, "close").then(([exitCode, signal]) => ({ exitCode, signal }));
    return { lines, output: () => output, temporary, signal: (name) => void child.kill(name), ended };
}
