import * as assert from "node:assert/strict";
import { parsePreview } from "../../tools/guard/preview";
import { recorded, textOf } from "./support/recordings";

describe("reading a preview", () => {
    it("refuses one that failed, with the error's words", () => {
        assert.throws(() => recorded("failed"), /^Error: The preview failed, .* the program stops here/);
    });

    it("refuses one that is cut off, wherever", () => {
        const text = textOf("updated").trimEnd();

        for (let length = 0; length < text.length; length += 97) {
            assert.throws(
                () => parsePreview(text.slice(0, length)),
                /^Error: (This is not the whole|The preview is empty)/,
            );
        }
        assert.throws(() => parsePreview(text.slice(0, -1)), /^Error: This is not the whole output/);
    });

    it("refuses one that did not reach its end", () => {
        const { changeSummary, ...rest } = JSON.parse(textOf("updated")) as Record<string, unknown>;

        assert.ok(changeSummary);
        assert.throws(() => parsePreview(JSON.stringify(rest)), /has no changeSummary/);
    });

    it("refuses one that shows fewer deletions than it counts", () => {
        const text = textOf("emptyProgram");

        assert.throws(
            () => parsePreview(text.replace('"delete": 5', '"delete": 6')),
            /counts 6 delete and shows 5, so it is not whole/,
        );
    });

    for (const [what, text] of Object.entries({
        "another JSON": '{"version":3,"deployment":{"resources":[]}}',
        "a list": "[]",
        "a step without an operation": '{"steps":[{"urn":"urn:pulumi:dev::a::b:c:D::e"}],"changeSummary":{}}',
        "the engine's events": '{"sequence":0,"preludeEvent":{}}\n{"sequence":1}',
        "the text for people": "Previewing update (dev):\n",
    })) {
        it(`refuses ${what}`, () => {
            assert.throws(() => parsePreview(text), /^Error: This is not the whole output of pulumi preview --json \(/);
        });
    }

    it("refuses an operation that it does not know, in the steps or only counted", () => {
        const text = textOf("updated");

        assert.throws(
            () => parsePreview(text.replace('"op": "update"', '"op": "recreate"')),
            /an operation recreate, which/,
        );
        assert.throws(() => parsePreview(text.replace('"update": 1', '"toString": 1')), /an operation toString, which/);
    });

    it("refuses one of a state that may be corrupt", () => {
        const preview = { ...(JSON.parse(textOf("updated")) as object), maybeCorrupt: true };

        assert.throws(() => parsePreview(JSON.stringify(preview)), /may be corrupt/);
    });
});
