import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { evaluate } from "./evaluate";

// The process that `load.ts` starts: reads what to evaluate from standard input, writes the plan to a file.

async function main(): Promise<void> {
    const { project, stack, config, folder, file } = JSON.parse(fs.readFileSync(0, "utf8")) as Record<
        string,
        string
    > & {
        config: Record<string, string>;
    };
    const plan = await evaluate({
        project,
        stack,
        config,
        program: () => require(path.join(folder, "index.ts")) as Record<string, unknown>,
    });
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(plan), { mode: 0o600 });
    fs.renameSync(`${file}.${process.pid}`, file);
}

/** A sentence for people where the program meant one; otherwise everything that helps to find the fault. */
function fail(error: unknown): never {
    const plain = pulumi.RunError.isInstance(error) || pulumi.ResourceError.isInstance(error);
    process.stderr.write(`${plain ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(1);
}

process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);
main().then(() => process.exit(0), fail);
