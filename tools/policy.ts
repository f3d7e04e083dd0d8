import { parseArgs } from "node:util";
import * as path from "node:path";
import { readProject, stacksOf } from "../plan/project";
import { judge } from "./policy/judge";
import { asJson, asText } from "./policy/report";
import { run } from "./run";

// The command `npm run policy`.

const HELP = `Judges the program with the policy pack, without an engine or an AWS account.

  npm run policy -- [options]

  --stack NAME   judge one stack (default: each that has a Pulumi.<stack>.yaml)
  --json         print the findings as JSON, and nothing else

Levels and exceptions are those of policy/<stack>.json; a stack other than dev and prod gets those of prod. POLICIES.md tells
of each rule. Ends with code 1 when there is a mandatory finding.`;

run(async () => {
    const { values } = parseArgs({
        options: {
            stack: { type: "string" },
            json: { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const folder = path.dirname(__dirname);
    const projects = (values.stack === undefined ? stacksOf(folder) : [values.stack]).map((stack) =>
        readProject(folder, stack),
    );
    const evaluating = () => values.json || console.error("Evaluating the program, since it changed …");
    const judgements = await Promise.all(projects.map((project) => judge(project, evaluating)));
    console.log(values.json ? asJson(judgements) : judgements.map(asText).join("\n\n"));
    if (judgements.some(({ findings }) => findings.some(({ level }) => level === "mandatory"))) {
        process.exitCode = 1;
    }
});
