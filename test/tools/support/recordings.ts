import * as fs from "node:fs";
import * as path from "node:path";
import { parsePreview, type Preview } from "../../../tools/guard/preview";
import { projectFolder } from "../../support/plans";

// The previews in test/tools/guard/ were recorded by recordPreviews.ts, from the Pulumi CLI with stand-in providers.

/** The file of a recorded preview. */
export function fileOf(name: string): string {
    return path.join(projectFolder, "test/tools/guard", `${name}.json`);
}

/** A recorded preview as the CLI printed it. */
export function textOf(name: string): string {
    return fs.readFileSync(fileOf(name), "utf8");
}

/** A recorded preview as the guard reads it. */
export function recorded(name: string): Preview {
    return parsePreview(textOf(name));
}
