import * as fs from "node:fs";
import * as path from "node:path";
import { projectFolder } from "../../support/plans";
import { type Ended, fakeCommands, runIn } from "./commands";

/** How a tool ended, and what it asked GitHub. */
export interface AskedGitHub extends Ended {
    readonly calls: readonly { readonly args: readonly string[]; readonly input: string }[];
}

/** Runs a tool with a `gh` that answers a GET with the page whose name its path ends in, and refuses others. */
export function withFakeGitHub(
    folder: string,
    name: string,
    args: readonly string[],
    pages: Readonly<Record<string, unknown>>,
): AskedGitHub {
    const log = path.join(folder, "calls");
    fs.writeFileSync(path.join(folder, "pages.json"), JSON.stringify(pages));
    fs.writeFileSync(path.join(folder, "gh.cjs"), GH);
    const bin = fakeCommands(folder, { gh: `exec "${process.execPath}" "${folder}/gh.cjs" "$@"` });
    const command = [process.execPath, "--require", "./tools/register.cjs", `tools/${name}.ts`, ...args];
    const env = { FAKE_GH: folder, GH_TOKEN: "token-of-a-job", QUARTET_TOKEN: "token-of-a-client" };
    const ended = runIn(projectFolder, command, { bin, env });
    const lines = fs.existsSync(log) ? fs.readFileSync(log, "utf8").trim().split("\n") : [];
    return { ...ended, calls: lines.map((line) => JSON.parse(line) as AskedGitHub["calls"][number]) };
}

const GH = `
const fs = require("node:fs");
const args = process.argv.slice(2);
const input = args.includes("--input") ? fs.readFileSync(0, "utf8") : "";
fs.appendFileSync(process.env.FAKE_GH + "/calls", JSON.stringify({ args, input }) + "\\n");
const pages = JSON.parse(fs.readFileSync(process.env.FAKE_GH + "/pages.json", "utf8"));
const page = args.includes("GET") ? Object.keys(pages).find((name) => args[1].endsWith(name)) : undefined;
if (args.includes("GET") && page === undefined) {
    console.error("gh: HTTP 403");
    process.exit(1);
}
console.log(JSON.stringify(page === undefined ? {} : pages[page]));
`;
