import * as assert from "node:assert/strict";
import * as path from "node:path";
import { comment, MARKER, MOST_CHARACTERS } from "../../tools/previewComment/comment";
import { readReports } from "../../tools/previewComment/stackReport";
import { newFolder } from "./support/commands";
import { goodParts, preview, step, writeReport, type Parts } from "./support/reports";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const BUCKET = "aws:s3/bucket:Bucket";

describe("the comment of a preview", () => {
    it("begins with the marker, and sums up each stack in one row", function () {
        const text = commentOf(newFolder(this), { prod: goodParts("prod"), dev: goodParts("dev") });

        assert.ok(text.startsWith(`${MARKER}\n### Preview\n`));
        assert.deepEqual(rowsOf(text).slice(0, 4), [
            "| stack | delete | replace | create | update | import | unchanged | policies | guard | cost |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            "| <code>dev</code> | 0 | 0 | 0 | 1 | 0 | 211 | 0 mandatory, 0 advisory | passed | passed |",
            "| <code>prod</code> | 0 | 0 | 0 | 1 | 0 | 211 | 0 mandatory, 0 advisory | passed | passed |",
        ]);
        assert.match(text, /For <code>0123456789abcdef0123456789abcdef01234567<\/code>/);
    });

    it("names what changes, the worst first, by properties and never by values", function () {
        const steps = [
            step("create", BUCKET, "new-bucket"),
            step("update", BUCKET, "events-bucket", { "tags.env": {}, acl: {} }),
            step("delete", BUCKET, "old-bucket"),
        ];

        const text = commentOf(newFolder(this), { dev: { ...goodParts("dev"), preview: { out: preview(steps) } } });

        const type = `<code>${BUCKET}</code>`;
        assert.deepEqual(rowsOf(text).slice(5), [
            `| delete | ${type} | <code>old-bucket</code> |  |`,
            `| create | ${type} | <code>new-bucket</code> |  |`,
            `| update | ${type} | <code>events-bucket</code> | <code>tags.env</code>, <code>acl</code> |`,
        ]);
        assert.doesNotMatch(text, /value-of-a-property/);
    });

    it("shows the steps of a replacement as one, with the properties that force it", function () {
        const why = { replaceReasons: ["bucket"] };
        const steps = ["create-replacement", "replace", "delete-replaced"].map((op) =>
            step(op, BUCKET, "events-bucket", { bucket: {}, tags: {} }, op === "replace" ? why : {}),
        );

        const text = commentOf(newFolder(this), { dev: { ...goodParts("dev"), preview: { out: preview(steps) } } });

        assert.match(text, /^\| <code>dev<\/code> \| 0 \| 1 \| 0 \| 0 \|/m);
        assert.equal(text.match(/events-bucket/g)?.length, 1);
    });

    it("shows an operation that it does not know, first and in bold", function () {
        const steps = [step("delete", BUCKET, "one"), step("obliterate", BUCKET, "two")];

        const text = commentOf(newFolder(this), { dev: { ...goodParts("dev"), preview: { out: preview(steps) } } });

        assert.match(rowsOf(text)[5], /^\| \*\*obliterate\*\* \| .*two/);
    });

    it("shows mandatory findings before advisory ones, and what the guard and the cost print", function () {
        const findings = [
            { level: "advisory", rule: "s3-logging", message: "logs bucket" },
            { level: "advisory", rule: "s3-logging", message: "another bucket" },
            { level: "mandatory", rule: "s3-encryption", message: "events bucket" },
            { level: "disabled", rule: "none", message: "nothing" },
        ];
        const policy = { out: JSON.stringify({ stacks: { dev: { findings, rules: 2 } } }), code: 1 };
        const guard = { out: "- the bucket x would be deleted\n", log: "The deployment is refused.\n", code: 1 };

        const text = commentOf(newFolder(this), { dev: { ...goodParts("dev"), policy, guard } });

        assert.match(
            text,
            /\*\*mandatory\*\* \| <code>s3-encryption<\/code> \| events bucket \|\n\| advisory \| <code>s3-l/,
        );
        assert.match(text, /\| advisory \| <code>s3-logging<\/code> \| logs bucket And 1 more of this rule\. \|/);
        assert.match(text, /\| \*\*1 mandatory, 2 advisory\*\* \| \*\*failed\*\* \| passed \|/);
        assert.match(text, /<pre>- the bucket x would be deleted&#10;The deployment is refused\.<\/pre>/);
        assert.match(text, /<pre>system {2}USD&#10;events {2}1\.25<\/pre>/);
        assert.match(text, /### Preview: something needs to be done/);
    });

    it("shows the errors of a preview that failed", function () {
        const diagnostics = [
            { severity: "error", message: "error: the bucket's name is taken\n" },
            { severity: "info", message: "a line of the program" },
        ];
        const out = JSON.stringify({ diagnostics });

        const text = commentOf(newFolder(this), { dev: { ...goodParts("dev"), preview: { out, code: 255 } } });

        assert.match(text, /<code>dev<\/code> \*\*failed\*\*/);
        assert.match(text, /It ended with code 255\./);
        assert.match(text, /<pre>error: the bucket&#39;s name is taken<\/pre>/);
        assert.doesNotMatch(text, /a line of the program/);
    });

    for (const part of ["preview", "policy", "guard", "cost"]) {
        it(`counts ${part} as failed when it did not run`, function () {
            const { [part]: _, ...rest } = goodParts("dev");

            const text = commentOf(newFolder(this), { dev: rest });

            assert.match(text, /### Preview: something needs to be done/);
            assert.match(text, /It did not run\./);
        });
    }

    for (const [what, part, out, message] of [
        ["a preview that is cut off", "preview", '{"steps": [', /What the preview printed is no complete JSON\./],
        ["JSON that is no preview", "preview", '{"stacks": {}}', /but not that of pulumi preview --json\./],
        ["a preview that printed nothing", "preview", "", /no complete JSON/],
        ["findings of another stack", "policy", '{"stacks": {"prod": {"findings": []}}}', /tells nothing of dev\./],
        ["findings that are cut off", "policy", '{"stacks"', /npm run policy printed is no complete JSON\./],
    ] as const) {
        it(`counts as failed ${what}, though the command ended with code 0`, function () {
            const text = commentOf(newFolder(this), { dev: { ...goodParts("dev"), [part]: { out } } });

            assert.match(text, /### Preview: something needs to be done/);
            assert.match(text, message);
        });
    }

    it("takes no Markdown, HTML, mention or hidden character from names, messages and output", function () {
        const evil = "a|b`c`<img src=x onerror=y>@everyone #1 [l](https://e.x) **b**\u202e</pre></details>";
        const findings = [{ level: "mandatory", rule: evil, message: evil }];
        const parts = {
            preview: { out: preview([step("update", evil, evil, { [evil]: {} })], 0, { diagnostics: [error(evil)] }) },
            policy: { out: JSON.stringify({ stacks: { dev: { findings, rules: 1 } } }) },
            guard: { out: evil },
            cost: { out: evil },
        };

        const text = commentOf(newFolder(this), { dev: parts });

        const ours = text.replace(MARKER, "").replace(/<\/?(code|pre|details|summary)>/g, "");
        assert.doesNotMatch(ours, /[<>`@[\]\u202e]|https:\/\//);
        assert.equal(text.match(/<\/details>/g)?.length, 1);
        assert.equal(text.match(/<\/pre>/g)?.length, 3);
        assert.ok(rowsOf(text).every((row) => [11, 10, 5, 4].includes(row.split("|").length - 1)));
        // Outside of code, where GitHub looks for mentions after it resolves entities.
        assert.doesNotMatch(text.replace(/<(code|pre)>.*?<\/\1>/g, ""), /&#64;everyone|&#35;1/);
    });

    it("is cut to what GitHub takes, and says how much is missing, but never in the summary", function () {
        const many = (op: string) => Array.from({ length: 3000 }, (_, i) => step(op, BUCKET, `bucket-${i}<>`));
        const lines = Array.from({ length: 3000 }, (_, i) => `line ${i} ${"<".repeat(100)}`).join("\n");
        const parts = {
            ...goodParts("dev"),
            preview: { out: preview(many("delete"), 7) },
            guard: { out: lines, code: 1 },
        };

        const text = commentOf(newFolder(this), { dev: parts, prod: parts });

        assert.ok(text.length <= MOST_CHARACTERS, String(text.length));
        assert.match(text, /\d+ more changes: see the log of the job\./);
        assert.match(text, /\d+ more lines: see the log of the job\./);
        assert.match(text, /^\| <code>dev<\/code> \| 3000 \| 0 \| 0 \| 0 \| 0 \| 7 \|/m);
        assert.ok(text.endsWith("everything else.\n"));
    });

    it("stays within the limit even when a single line is endless", function () {
        const endless = "<".repeat(500_000);
        const diagnostics = Array.from({ length: 50 }, () => error(endless));
        const parts = {
            ...goodParts("dev"),
            preview: { out: preview([step("update", BUCKET, endless, { [endless]: {} })], 0, { diagnostics }) },
            guard: { out: endless },
            cost: { out: endless },
        };

        const text = commentOf(newFolder(this), { dev: parts });

        assert.ok(text.length <= MOST_CHARACTERS, String(text.length));
    });

    it("needs a report of at least one stack", function () {
        const folder = newFolder(this);

        assert.throws(() => readReports(path.join(folder, "none"), {}), /There is no report of a stack in .*none/);
        assert.throws(() => readReports(folder, {}), /There is no report of a stack/);
    });
});

function commentOf(folder: string, stacks: Readonly<Record<string, Parts>>): string {
    Object.entries(stacks).forEach(([stack, parts]) => writeReport(folder, stack, parts));
    return comment(readReports(folder, {}), COMMIT);
}

function rowsOf(text: string): string[] {
    return text.split("\n").filter((line) => line.startsWith("| "));
}

function error(message: string): object {
    return { severity: "error", message };
}
