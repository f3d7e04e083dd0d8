import * as fs from "node:fs";
import * as path from "node:path";

/** Output and code of the parts of one stack; a part that is left out did not run. */
export type Parts = Readonly<Record<string, { readonly out: string; readonly code?: number; readonly log?: string }>>;

/** Writes what CI records of a stack, as the action preview does. */
export function writeReport(folder: string, stack: string, parts: Parts): void {
    const own = path.join(folder, stack);
    fs.mkdirSync(own, { recursive: true });
    for (const [part, { out, code = 0, log = "" }] of Object.entries(parts)) {
        fs.writeFileSync(path.join(own, `${part}.out`), out);
        fs.writeFileSync(path.join(own, `${part}.log`), log);
        fs.writeFileSync(path.join(own, `${part}.code`), `${code}\n`);
    }
}

/** A report of a stack in which all is well. */
export function goodParts(stack: string): Parts {
    return {
        preview: { out: preview([step("update", "aws:s3/bucket:Bucket", "events-bucket", { "tags.env": {} })], 211) },
        policy: { out: JSON.stringify({ stacks: { [stack]: { findings: [], rules: 90 } } }) },
        guard: { out: "Preview: 1 update, 211 same.\n" },
        cost: { out: "system  USD\nevents  1.25\n" },
    };
}

/** What `pulumi preview --json` prints. */
export function preview(steps: readonly object[], same = 0, more: object = {}): string {
    return JSON.stringify({ config: { "quartet:stage": "dev" }, steps, changeSummary: { same }, ...more });
}

/** A step of a preview; its states hold a value that nobody may see. */
export function step(op: string, type: string, name: string, detailedDiff: object = {}, more: object = {}): object {
    return {
        op,
        urn: `urn:pulumi:dev::quartet::quartet:index:EventIngest$${type}::${name}`,
        oldState: { type, inputs: { password: "value-of-a-property" } },
        newState: { type, inputs: { password: "value-of-a-property" } },
        detailedDiff,
        ...more,
    };
}
