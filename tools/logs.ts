import * as path from "node:path";
import { parseArgs } from "node:util";
import { readLogs } from "../local/services/logs/read";
import { run } from "./run";
import { folder } from "./stackOutputs";

// The command `npm run logs -- <function>`: what a function of the local run wrote.

const HELP = `Prints what a function of the local run wrote, or another log group's lines.

  npm run logs -- <function or log group> [options]

  --follow        wait for further lines, until Ctrl-C
  --since TIME    only lines of this time (RFC 3339) and later
  --filter TEXT   only lines that hold the text, e.g. a request's id
  --stack NAME    the stack whose state is read (default dev)

A part of the name is enough where only one has it, e.g. events-ingest.`;

run(async () => {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            follow: { type: "boolean", default: false },
            since: { type: "string" },
            filter: { type: "string" },
            stack: { type: "string", default: "dev" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help || positionals.length !== 1) {
        console.log(HELP);
        process.exitCode = values.help ? 0 : 1;
        return;
    }
    const since = values.since === undefined ? undefined : Date.parse(values.since);
    if (Number.isNaN(since)) {
        throw new Error(`--since is ${values.since}: allowed is a time of RFC 3339, such as 2026-01-31T12:00:00Z.`);
    }
    const options = { follow: values.follow, filter: values.filter, ...(since === undefined ? {} : { since }) };
    for await (const { time, line } of readLogs(path.join(folder, ".local", values.stack), positionals[0], options)) {
        console.log(`${new Date(time).toISOString()}  ${line}`);
    }
});
