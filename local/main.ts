import * as path from "node:path";
import { parseArgs } from "node:util";
import { curlLines } from "./curlLines";
import { start, type LocalRun } from "./start";

// The command `npm start`.

const HELP = `Runs the whole stack on this machine: no AWS account, no Docker.

  npm start [-- options]

  --port N      port on 127.0.0.1; 0 for any (default 4400)
  --stack NAME  the stack whose Pulumi.NAME.yaml is read (default dev)
  --fresh       drop the stack's state first: objects, logs, tokens, keys
  --timings     print how long each part of the start took
  --help        print this

State is kept in .local/. Ctrl-C ends it.`;

async function main(): Promise<void> {
    const { port, stack, fresh, timings, help } = readOptions();
    if (help) {
        console.log(HELP);
        return;
    }
    const folder = path.dirname(__dirname);
    const begun = performance.now();
    const run = await start({ folder, stack, port, fresh, print: (line) => console.log(line) });
    endOnSignals(run);
    printRun(run, Math.round(performance.now() - begun));
    if (timings) {
        printTable({ ...run.timings, "since the process began": Math.round(process.uptime() * 1000) }, " ms");
    }
}

function readOptions() {
    const { values } = parseArgs({
        options: {
            port: { type: "string", default: "4400" },
            stack: { type: "string", default: "dev" },
            fresh: { type: "boolean", default: false },
            timings: { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
        throw new Error(`--port is ${values.port}: allowed is a whole number from 0 to 65535.`);
    }
    return { ...values, port };
}

/** Ctrl-C ends it in order; a second one ends it at once. */
function endOnSignals(run: LocalRun): void {
    let ending = false;
    const end = () => {
        if (ending) {
            process.exit(1);
        }
        ending = true;
        run.close().then(() => process.exit(0), fail);
    };
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
    process.on("SIGHUP", end);
}

function printRun(run: LocalRun, ms: number): void {
    const { outputs, plan, declaredOnly } = run;
    const urls = Object.entries(outputs).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string" && /^http/.test(entry[1]),
    );
    console.log(`${plan.project} ${plan.stack} is ready (${ms} ms).\n`);
    printTable(Object.fromEntries(urls));
    console.log("\nTry:");
    curlLines(run).forEach((line) => console.log(`  ${line}`));
    const declared = Object.entries(declaredOnly).map(([type, count]) => `${type.split(":").at(-1)} (${count})`);
    if (declared.length > 0) {
        console.log(`\nDeclared only, without effect here: ${declared.join(", ")}.`);
    }
    console.log("\nAll outputs, with tokens and credentials: .local/outputs.json. Ctrl-C ends it.");
}

function printTable(rows: Readonly<Record<string, string | number>>, unit = ""): void {
    const width = Math.max(...Object.keys(rows).map((key) => key.length));
    Object.entries(rows).forEach(([key, value]) => console.log(`  ${key.padEnd(width)}  ${value}${unit}`));
}

function fail(error: unknown): void {
    console.error((error as Error).message);
    process.exit(1);
}

main().catch(fail);
