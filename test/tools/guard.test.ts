import * as assert from "node:assert/strict";
import * as os from "node:os";
import * as path from "node:path";
import { judge } from "../../tools/guard/judge";
import { STATEFUL } from "../../tools/guard/stateful";
import { planOf } from "../support/plans";
import { fileOf, recorded } from "./support/recordings";
import { runTool } from "../support/runTool";

const BUCKET = "events (aws:s3/bucket:Bucket)";
const BUCKET_REPLACED = `${BUCKET} would be replaced, because bucket changes, and with it go its objects: undo that change, or, if it is meant, allow it with the label and a reason.`;

describe("the guard", () => {
    for (const file of ["unchanged", "updated"]) {
        it(`lets a deployment pass that deletes and replaces nothing, of a stack that is expected to be there: ${file}`, () => {
            assert.deepEqual(judgeFile(file, { expectState: true }), []);
        });
    }

    for (const file of ["replaced", "replacementSteps"]) {
        it(`stops the replacement of a bucket, in one sentence that names cause, loss and way out: ${file}`, () => {
            assert.deepEqual(judgeFile(file), [BUCKET_REPLACED]);
        });
    }

    it("stops the deletion of a table", () => {
        assert.deepEqual(judgeFile("deleted"), [
            "orders (aws:dynamodb/table:Table) would be deleted, and with it go its items: keep it in the program, give it an alias if it only has another name there, or, if it is meant, allow it with the label and a reason.",
        ]);
    });

    it("names each resource that a program without resources would delete, and lets functions and roles go", () => {
        const named = judgeFile("emptyProgram").map((text) => /^(\w+) .* would be deleted/.exec(text)?.[1]);

        assert.deepEqual(named.sort(), ["events", "orders", "work"]);
    });

    it("stops the replacement of a function, which callers would miss meanwhile", () => {
        assert.deepEqual(judgeFile("functionReplaced"), [
            "answer (aws:lambda/function:Function) would be replaced, because handler changes, and with it go its versions, and calls fail until it is there again: undo that change, or, if it is meant, allow it with the label and a reason.",
        ]);
    });

    it("stops the creation of a function whose name another resource of the state has", () => {
        assert.deepEqual(judgeFile("renamed"), [
            "reply (aws:lambda/function:Function) would be created as program-dev-answer, which exists as answer (aws:lambda/function:Function), so AWS would refuse it: give it an alias with its old name, or, if it is meant, allow it with the label and a reason.",
        ]);
    });

    it("stops the creation of functions that exist, because the state key changed and the state is empty", () => {
        const [finding, ...more] = judgeFile("emptyState", { expectState: true });

        assert.deepEqual(more, []);
        assert.match(
            finding,
            /^The state of stack dev of project program is empty, so all 6 resources would be created/,
        );
        assert.match(
            finding,
            /AWS refuses those that exist, such as the function program-dev-answer: set the backend, /,
        );
    });

    it("takes a state that holds nothing but the stack for empty", () => {
        assert.match(judgeFile("stackAlone", { expectState: true }).join(), /^The state of stack dev .* is empty/);
    });

    it("lets a new stack be created where none is expected", () => {
        assert.deepEqual(judgeFile("emptyState"), []);
    });

    it("stops when the stack itself is not in the preview, where a state is expected", () => {
        const preview = recorded("unchanged");
        const steps = preview.steps.filter(({ urn }) => !urn.includes("pulumi:pulumi:Stack"));

        assert.match(judge({ ...preview, steps }, { expectState: true }).join(), /does not show the stack itself/);
    });

    for (const [op, effect] of Object.entries({
        replace: "replaced",
        "create-replacement": "replaced",
        "delete-replaced": "replaced",
        "read-replacement": "replaced",
        "import-replacement": "replaced",
        "discard-replaced": "replaced",
        "remove-pending-replace": "replaced",
        delete: "deleted",
        discard: "dropped from the state",
    })) {
        it(`stops ${op} of a queue`, () => {
            assert.match(judgeOp(op).join(), new RegExp(`^work .* would be ${effect}`));
        });
    }

    for (const op of ["same", "create", "update", "read", "refresh", "import"]) {
        it(`lets ${op} of a queue pass`, () => {
            assert.deepEqual(judgeOp(op), []);
        });
    }

    it("knows types that there are, and each that the program protects against deletion", async () => {
        const { resources } = await planOf("prod");
        const guarded = resources.filter(({ protect }) => protect).map(({ type }) => type);

        assert.ok(guarded.length > 0);
        assert.deepEqual(
            guarded.filter((type) => !(type in STATEFUL)),
            [],
        );
        for (const type of Object.keys(STATEFUL)) {
            const [, module, name] = type.split(":");
            const exported = require(`@pulumi/aws/${module}`) as Record<string, { __pulumiType: string }>;
            assert.equal(exported[name].__pulumiType, type);
        }
    });
});

describe("npm run guard", function () {
    this.timeout(30_000);

    it("ends with code 0 when there is nothing to stop, and says what it saw", async () => {
        const { code, stdout } = await runTool("guard", [fileOf("updated"), "--expect-state"]);

        assert.equal(code, 0);
        assert.match(stdout, /^Preview: 5 same, 1 update\.$/m);
    });

    it("ends with code 1 and the sentence of each resource", async () => {
        const { code, stdout, stderr } = await runTool("guard", [fileOf("replaced")]);

        assert.equal(code, 1);
        assert.ok(stdout.includes(`\n- ${BUCKET_REPLACED}\n`));
        assert.equal(
            stderr,
            "The deployment is refused for this: no label and no reason allow it (--allow-label, --reason).\n",
        );
    });

    it("is allowed by label and reason together, and shows both what is allowed and why", async () => {
        const { code, stdout } = await runTool("guard", [
            fileOf("replaced"),
            ...["--allow-label", "present", "--reason", "the bucket is new\n::stop-commands::x"],
        ]);

        assert.equal(code, 0);
        assert.ok(stdout.includes(`\n- ${BUCKET_REPLACED}\n`));
        assert.match(
            stdout,
            /^All of this is allowed, by the label and for this reason: the bucket is new ::stop-commands::x$/m,
        );
    });

    for (const [missing, args] of Object.entries({
        "a label": ["--allow-label", "absent", "--reason", "the bucket is new"],
        "a reason": ["--allow-label", "present", "--reason", " \n "],
    })) {
        it(`is not allowed without ${missing}`, async () => {
            const { code, stderr } = await runTool("guard", [fileOf("replaced"), ...args]);

            assert.equal(code, 1);
            assert.ok(stderr.includes(`for this: ${missing.replace("a ", "no ")} allows it`), stderr);
        });
    }

    it("lets label and reason allow no preview that failed", async () => {
        const { code, stderr } = await runTool("guard", [
            fileOf("failed"),
            "--allow-label",
            "present",
            "--reason",
            "never mind",
        ]);

        assert.equal(code, 1);
        assert.match(stderr, /^The preview failed/);
    });

    it("says that an empty state would be refused if one were expected", async () => {
        const { code, stdout } = await runTool("guard", [fileOf("emptyState")]);

        assert.equal(code, 0);
        assert.match(stdout, /^Nothing is known of this stack: with --expect-state/m);
    });

    for (const [what, args, message] of [
        ["no file", [], /^Give one file/],
        ["a missing file", [path.join(os.tmpdir(), "no preview.json")], /no preview\.json can't be read \(ENOENT\)/],
        [
            "another label",
            [fileOf("updated"), "--allow-label", "true"],
            /^--allow-label is true: give present or absent/,
        ],
    ] as const) {
        it(`asks for what it needs: ${what}`, async () => {
            const { code, stderr } = await runTool("guard", args);

            assert.equal(code, 1);
            assert.match(stderr, message);
        });
    }
});

function judgeFile(name: string, options = { expectState: false }): string[] {
    return judge(recorded(name), options);
}

/** Judges a preview in which this happens to the queue `work`. */
function judgeOp(op: string): string[] {
    const { steps, changeSummary } = recorded("emptyProgram");
    const queue = steps.filter(({ urn }) => urn.endsWith("::work")).map((step) => ({ ...step, op }));
    assert.equal(queue.length, 1);
    return judge({ steps: queue, changeSummary }, { expectState: false });
}
