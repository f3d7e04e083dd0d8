import * as assert from "node:assert/strict";
import { overrideOf } from "../../tools/previewComment/override";
import { newFolder } from "./support/commands";
import { type AskedGitHub, withFakeGitHub } from "./support/fakeGitHub";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

describe("npm run override", () => {
    const request = { body: "Moves it.\r\n\r\nAllow-replacement: the table is empty\r\n", merge_commit_sha: COMMIT };
    const labels = [{ name: "bug" }, { name: "allow-replacement" }];

    it("reads label and reason of a pull request, as outputs of a step", function () {
        const folder = newFolder(this);

        const { stdout, calls } = override(folder, ["--pull-request", "7"], { "pulls/7": { ...request, labels } });

        assert.equal(stdout, "label=present\nreason=the table is empty\n");
        assert.deepEqual(calls[0].args, ["api", "repos/acme/quartet/pulls/7", "--method", "GET"]);
    });

    it("finds the pull request that became a commit, and no other that has it", function () {
        const other = { ...request, labels, body: "Allow-replacement: of another", merge_commit_sha: "f".repeat(40) };
        const pages = { [`commits/${COMMIT}/pulls`]: [other, { ...request, labels: [{ name: "bug" }] }] };

        const { stdout } = override(newFolder(this), ["--commit", COMMIT, "--pull-request="], pages);

        assert.equal(stdout, "label=absent\nreason=the table is empty\n");
    });

    it("allows nothing for a commit without a pull request", function () {
        const { stdout } = override(newFolder(this), ["--commit", COMMIT], { [`commits/${COMMIT}/pulls`]: [] });

        assert.equal(stdout, "label=absent\nreason=\n");
    });

    it("lets a description make no further output", () => {
        const body = "allow-replacement:  one\u2028label=present\u0085x\nlabel=present\nAllow-replacement: two";

        const { label, reason } = overrideOf({ body, labels: [] });

        assert.equal(label, "absent");
        assert.equal(reason, "one");
    });

    for (const args of [[], ["--commit", "main"], ["--pull-request", "x"]]) {
        it(`refuses ${args.join(" ") || "to guess"}`, function () {
            const { code, calls } = override(newFolder(this), args, {});

            assert.equal(code, 1);
            assert.deepEqual(calls, []);
        });
    }

    function override(folder: string, args: readonly string[], pages: Readonly<Record<string, unknown>>): AskedGitHub {
        return withFakeGitHub(folder, "override", ["--repository", "acme/quartet", ...args], pages);
    }
});
