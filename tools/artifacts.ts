import { loadPlan } from "../plan/load";
import { readProject } from "../plan/project";
import type { Plan, PlannedArchive, PlannedFile } from "../plan/types";
import { printColumns } from "./columns";
import { run } from "./run";
import { folder } from "./stackOutputs";

// The command `npm run artifacts [-- --stack NAME]`: name, SHA-256 and size of what each function runs, here and in AWS.

run(async () => {
    const plan = await loadPlan(readProject(folder, stackOption()));
    printColumns(functionFiles(plan).map(({ name, file }) => [name, file.sha256, `${file.bytes} bytes`]));
});

function stackOption(): string {
    const index = process.argv.indexOf("--stack");
    return index < 0 ? "dev" : (process.argv[index + 1] ?? "");
}

function functionFiles({ resources }: Plan): { name: string; file: PlannedFile }[] {
    return resources
        .filter(({ type }) => type === "aws:lambda/function:Function")
        .map(({ name, inputs }) => ({ name, file: (inputs.code as PlannedArchive).archive["index.js"] }));
}
