import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { isStep, STATUSES, type Status } from "../../../handlers/uploadPipeline/statuses";

describe("a file's status", () => {
    const inOrder: Status[] = ["pending", "uploaded", "processing", "completed", "error", "expired"];

    /** From each status: `x` where the status of the column, in the order above, may follow. */
    const table: Record<Status, string> = {
        pending: ". x . . . x",
        uploaded: ". . x . . .",
        processing: ". . . x x .",
        completed: ". . . . . .",
        error: ". . x . . .",
        expired: ". . . . . .",
    };

    it("is one of six", () => {
        assert.deepEqual(STATUSES, inOrder);
    });

    for (const from of inOrder) {
        for (const [index, mark] of table[from].split(" ").entries()) {
            const to = inOrder[index];
            it(`${mark === "x" ? "may" : "can't"} become ${to} when it is ${from}`, () => {
                assert.equal(isStep(from, to), mark === "x");
            });
        }
    }

    it("has the steps that the README draws", () => {
        const readme = fs.readFileSync(path.resolve(__dirname, "../../../README.md"), "utf8");
        const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(readme)![1];

        const drawn = Array.from(diagram.matchAll(/(\w+) --> (\w+)/g), ([, from, to]) => `${from} ${to}`);

        const legal = inOrder.flatMap((from) => inOrder.filter((to) => isStep(from, to)).map((to) => `${from} ${to}`));
        assert.deepEqual(drawn.sort(), legal.sort());
    });
});
