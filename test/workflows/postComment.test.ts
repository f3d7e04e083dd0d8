import * as assert from "node:assert/strict";
import * as path from "node:path";
import { MARKER } from "../../tools/previewComment/comment";
import { newFolder } from "./support/commands";
import { type AskedGitHub, withFakeGitHub } from "./support/fakeGitHub";
import { goodParts, writeReport } from "./support/reports";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TO = ["--commit", COMMIT, "--repository", "acme/quartet", "--pull-request", "7"];

describe("npm run preview-comment", () => {
    it("makes a comment where there is none of ours yet, though a person quotes the marker", function () {
        const folder = newFolder(this);
        const others = [
            { id: 1, body: `${MARKER}\nquoted`, user: { login: "ada" } },
            { id: 2, body: `> ${MARKER}`, user: { login: "github-actions[bot]" } },
            { id: 3, body: `${MARKER}`, user: null },
        ];

        const { code, stderr, calls } = previewComment(folder, { "page=1": others });

        assert.equal(code, 0, stderr);
        assert.deepEqual(
            calls.map(({ args }) => args),
            [
                ["api", "repos/acme/quartet/issues/7/comments?per_page=100&page=1", "--method", "GET"],
                ["api", "repos/acme/quartet/issues/7/comments", "--method", "POST", "--input", "-"],
            ],
        );
        assert.ok((JSON.parse(calls[1].input) as { body: string }).body.startsWith(MARKER));
    });

    it("updates its own comment in place, also on a later page", function () {
        const folder = newFolder(this);
        const ours = { id: 4242, body: `${MARKER}\nof the last run`, user: { login: "github-actions[bot]" } };
        const others = Array.from({ length: 100 }, (_, id) => ({ id, body: "hello", user: { login: "ada" } }));

        const { code, stderr, calls } = previewComment(folder, { "page=1": others, "page=2": [ours] });

        assert.equal(code, 0, stderr);
        const last = ["api", "repos/acme/quartet/issues/comments/4242", "--method", "PATCH", "--input", "-"];
        assert.deepEqual(calls.at(-1)?.args, last);
        assert.ok(!calls.some(({ args }) => args.includes("POST")));
    });

    it("ends with code 1 when a part failed, but posts first", function () {
        const folder = newFolder(this);
        const guard = { out: "- a bucket would be deleted\n", code: 1 };

        const { code, stderr, calls } = previewComment(folder, { "page=1": [] }, { guard });

        assert.equal(code, 1);
        assert.match(stderr, /Something failed for dev: the comment says what\.$/m);
        assert.match(calls.at(-1)?.input ?? "", /a bucket would be deleted/);
    });

    it("says why when GitHub refuses, and ends with code 1", function () {
        const { code, stderr } = previewComment(newFolder(this), {});

        assert.equal(code, 1);
        assert.match(stderr, /^GitHub did not take GET repos\/acme\/quartet\/issues\/7\/comments.*: gh: HTTP 403/m);
    });

    it("posts no secret of its environment, whatever prints it, and no credential", function () {
        const folder = newFolder(this);
        const cost = { out: "token-of-a-client AKIAABCDEFGHIJKLMNOP ghp_0123456789012345678901234567890123456789" };

        const { code, stdout, calls } = previewComment(folder, { "page=1": [] }, { cost });

        assert.equal(code, 0);
        for (const text of [stdout, calls.at(-1)?.input ?? ""]) {
            assert.match(text, /&#91;secret&#93; &#91;secret&#93; &#91;secret&#93;/);
            assert.doesNotMatch(text, /token-of-a-client|AKIA|ghp_/);
        }
    });

    for (const [args, message] of [
        [["--commit", COMMIT, "--repository", "acme", "--pull-request", "7"], /--repository must be OWNER\/NAME/],
        [["--commit", COMMIT, "--repository", "a/b", "--pull-request", "7/../8"], /--pull-request must be a number/],
        [[], /needs one folder of reports, and --commit/],
    ] as const) {
        it(`refuses ${args.join(" ") || "to guess"}`, function () {
            const { code, stderr, calls } = previewComment(newFolder(this), {}, {}, args);

            assert.equal(code, 1);
            assert.match(stderr, message);
            assert.deepEqual(calls, []);
        });
    }

    function previewComment(
        folder: string,
        pages: Readonly<Record<string, unknown>>,
        parts = {},
        args: readonly string[] = TO,
    ): AskedGitHub {
        const reports = path.join(folder, "previews");
        writeReport(reports, "dev", { ...goodParts("dev"), ...parts });
        return withFakeGitHub(folder, "previewComment", [reports, ...args], pages);
    }
});
