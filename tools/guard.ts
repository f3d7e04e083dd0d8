import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { emptyState } from "./guard/emptyState";
import { judge } from "./guard/judge";
import { parsePreview, type Preview } from "./guard/preview";
import { STATEFUL } from "./guard/stateful";
import { oneLine } from "./oneLine";
import { run } from "./run";

// The command `npm run guard -- preview.json`.

const HELP = `Stops a deployment that would lose data or break what exists, by the JSON of its preview.

  pulumi preview --stack dev --json > preview.json
  npm run guard -- preview.json [options]

  --expect-state                  the stack has been deployed before: its state must not be empty
  --allow-label present|absent    whether the pull request has the label that allows what is found (default absent)
  --reason TEXT                   why it is allowed

Ends with code 1 when a resource that holds something would be deleted or replaced, when a function would be created under a
name that exists, and, with --expect-state, when the state is empty. With the label and a reason it shows what they allow,
and ends with code 0. Nothing allows a preview that failed, is cut off, or has an operation that is not known. A preview does
not tell of the policy pack: look at its exit code, too.

Resources that hold something are of the types

  ${Object.keys(STATEFUL).join("\n  ")}`;

run(() => {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            "expect-state": { type: "boolean", default: false },
            "allow-label": { type: "string", default: "absent" },
            reason: { type: "string", default: "" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    if (positionals.length !== 1) {
        throw new Error("Give one file with the output of pulumi preview --json; npm run guard -- --help tells more.");
    }
    const label = values["allow-label"];
    if (label !== "present" && label !== "absent") {
        throw new Error(`--allow-label is ${oneLine(label)}: give present or absent.`);
    }
    const preview = parsePreview(readFile(positionals[0]));
    const expectState = values["expect-state"];
    const findings = judge(preview, { expectState });

    console.log(`Preview: ${summary(preview)}.`);
    if (!expectState && emptyState(preview) !== undefined) {
        console.log("Nothing is known of this stack: with --expect-state that would be refused.");
    }
    if (findings.length === 0) {
        console.log("No resource that holds something would be deleted or replaced, and no function made again.");
        return;
    }
    findings.forEach((finding) => console.log(`- ${finding}`));
    const reason = oneLine(values.reason);
    if (label === "present" && reason !== "") {
        console.log(`All of this is allowed, by the label and for this reason: ${reason}`);
        return;
    }
    throw new Error(refusal(findings.length, label, reason));
});

function readFile(file: string): string {
    try {
        return fs.readFileSync(file, "utf8");
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new Error(`${file} can't be read (${code}): give the file that pulumi preview --json was written to.`, {
            cause: error,
        });
    }
}

function summary({ changeSummary }: Preview): string {
    const counts = Object.entries(changeSummary).map(([op, count]) => `${count} ${op}`);
    return counts.length > 0 ? counts.join(", ") : "nothing";
}

function refusal(count: number, label: "present" | "absent", reason: string): string {
    const missing = [label === "absent" ? "no label" : "", reason === "" ? "no reason" : ""].filter(Boolean);
    const allow = missing.length === 1 ? "allows" : "allow";
    return `The deployment is refused for ${count === 1 ? "this" : `these ${count}`}: ${missing.join(" and ")} ${allow} it (--allow-label, --reason).`;
}
