import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { run } from "./run";
import { junit } from "./smoke/junit";
import { stackFacts } from "./smoke/outputs";
import { printReport } from "./smoke/printReport";
import { runSmoke } from "./smoke/runSmoke";
import { targetOf } from "./smoke/target";
import { SYSTEMS, type System } from "./smoke/types";

// The command `npm run smoke -- --stack S`.

const HELP = `Checks a running stack: each system's main path, and that it refuses what it must.

  npm run smoke -- [options]

  --stack NAME    local (the local run), dev or prod (default local)
  --system NAME   ${SYSTEMS.join(", ")}; may be given several times (default all)
  --junit FILE    write the results into a JUnit file, too
  --shared-limit  exceed ChallengeApi's limit also where a deployed stack's callers share it: they are refused meanwhile
  --help          print this

A deployed stack's outputs are read with the Pulumi CLI, secrets too; none of them is printed. QUARTET_TOKEN and
QUARTET_TOKEN_OTHER are tokens of two of its clients; your own AWS credentials sign what it has to refuse.
It deletes the order that it makes and says what else stays behind. It ends with code 1 if a check fails.`;

run(async () => {
    const { values } = parseArgs({
        options: {
            stack: { type: "string", default: "local" },
            system: { type: "string", multiple: true, default: [...SYSTEMS] },
            junit: { type: "string" },
            "shared-limit": { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const systems = systemsOf(values.system);
    const { stack } = values;
    const target = targetOf({ stack, ...stackFacts(stack), environment: process.env });
    const report = await runSmoke(target, { systems, sharedLimit: values["shared-limit"] });
    printReport(report);
    if (values.junit !== undefined) {
        write(values.junit, junit(report));
    }
    if (report.results.some(({ outcome }) => outcome === "failed")) {
        process.exitCode = 1;
    }
});

/** In their own order, each once. */
function systemsOf(names: readonly string[]): System[] {
    const unknown = names.find((name) => !SYSTEMS.some((system) => system === name));
    if (unknown !== undefined) {
        throw new Error(`--system is ${unknown}: give ${SYSTEMS.join(", ")}, one with each --system.`);
    }
    return SYSTEMS.filter((system) => names.includes(system));
}

function write(file: string, text: string): void {
    try {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
    } catch (error) {
        throw new Error(`--junit is ${file}: no file can be written there (${(error as Error).message}).`, {
            cause: error,
        });
    }
}
