import * as assert from "node:assert/strict";
import { CHECKS } from "./support/checks";
import { GOOD_ACTION, GOOD_WORKFLOW } from "./support/goodWorkflow";
import { parseWorkflow } from "./support/workflow";

/** One change to a good file, which the check must notice, and what it says then. */
interface Bad {
    readonly of: "workflow" | "action";
    readonly replace: string | RegExp;
    readonly by: string;
    readonly says: RegExp;
}

const workflow = (replace: string | RegExp, by: string, says: RegExp): Bad => ({ of: "workflow", replace, by, says });
const action = (replace: string | RegExp, by: string, says: RegExp): Bad => ({ of: "action", replace, by, says });

const PIN = "actions/checkout@0123456789abcdef0123456789abcdef01234567 # v7.0.1";

const BAD: Readonly<Record<keyof typeof CHECKS, readonly Bad[]>> = {
    pinned: [
        workflow(PIN, "actions/checkout@v7", /checkout@v7 is not pinned/),
        workflow(PIN, "actions/checkout@0123456 # v7.0.1", /not pinned/),
        workflow(PIN, "actions/checkout@0123456789abcdef0123456789abcdef01234567", /not pinned .* as comment/),
        workflow(PIN, "docker://alpine:3 # v3.0.0", /docker:\/\/alpine:3 is not pinned/),
    ],
    timeLimited: [
        workflow("    timeout-minutes: 10\n", "", /comment has no limit/),
        workflow("timeout-minutes: 10", "timeout-minutes: 360", /comment has no limit/),
    ],
    knownRunner: [
        workflow("runs-on: ubuntu-24.04", "runs-on: ubuntu-latest", /runs on ubuntu-latest/),
        workflow("runs-on: ubuntu-24.04", "runs-on: self-hosted", /runs on self-hosted/),
    ],
    noTokenLeftBehind: [
        workflow("persist-credentials: false", "persist-credentials: true", /keeps its token/),
        workflow("persist-credentials: false", "fetch-depth: 1", /keeps its token/),
    ],
    noExpressionInScripts: [
        workflow('-- "$BRANCH"', "-- ${{ github.head_ref }}", /the script of "Comment" contains an expression/),
        action("guard -- preview.json", "guard -- ${{ inputs.file }}", /the script of "Guard" contains an expression/),
        workflow("persist-credentials: false", "{ persist-credentials: false, script: '${{ 1 }}' }", /an expression/),
    ],
    lockedDownloads: [
        workflow(/ {10}echo "\$DIGEST.*\n/, "", /"Fetch" downloads without comparing/),
        workflow("tar --extract --file a.tar.gz", "cat a.tar.gz | sh", /"Fetch" installs what no lock file knows/),
        action("npm run --silent guard", "npm install x && npm run --silent guard", /"Guard" installs/),
    ],
    shellInActions: [action("      shell: bash\n", "", /"Preview" names no shell/)],
    readOnlyByDefault: [
        workflow("permissions:\n  contents: read\n", "", /not contents: read alone/),
        workflow("permissions:\n  contents: read\n", "permissions: write-all\n", /not contents: read alone/),
        workflow("permissions:\n  contents: read\n", "permissions:\n  contents: write\n", /not contents: read alone/),
    ],
    deservedPermissions: [
        workflow("pull-requests: write", "issues: write", /comment has issues: write without need/),
        workflow("pull-requests: write", "id-token: write", /comment has id-token: write without need/),
        workflow("run: npm run --silent preview-comment", "run: echo", /comment has pull-requests: write without need/),
        workflow(/permissions:\n {6}contents: read\n {6}id-token: write/, "permissions: write-all", /dev has all/),
    ],
    nothingForForks: [
        workflow(/if: github\.event.*\n/, "if: github.actor != 'x'\n", /comment can be run by a fork/),
        workflow(/(if: github\.event.*)\n/, "$1 || github.actor == 'x'\n", /comment can be run by a fork/),
    ],
    harmlessTriggers: [
        workflow("pull_request:", "pull_request_target:", /pull_request_target is a trigger/),
        workflow("pull_request:", "issue_comment:", /issue_comment is a trigger/),
    ],
    mainAlone: [
        workflow("if: github.ref == 'refs/heads/main' && inputs", "if: inputs", /unlock has an environment, but/),
        workflow("== 'unlock'", "== 'unlock' || true", /unlock has an environment, but/),
    ],
    secretsByName: [
        workflow("    environment: dev", "    secrets: inherit\n    environment: dev", /all at once/),
        workflow("${{ github.head_ref }}", "${{ toJSON(secrets) }}", /all at once/),
        workflow("${{ github.head_ref }}", "x ${{ secrets.X }}", /"Comment" makes a text with a secret in it/),
        workflow(
            "    environment: dev",
            "    env:\n      X: ${{ secrets.X }}\n    environment: dev",
            /dev gives a secret/,
        ),
    ],
    nothingPrinted: [
        action("npm run --silent smoke", "echo $TOKEN", /"Smoke" prints TOKEN/),
        action("npm run --silent smoke", 'printf %s "${TOKEN}" | base64', /"Smoke" prints TOKEN/),
        action("npm run --silent smoke", "set -ex", /"Smoke" prints all that it does/),
        action("npm run --silent smoke", "printenv", /"Smoke" prints all that it does/),
    ],
    maskedBeforeUse: [
        action('echo "::add-mask::$value"', 'test -n "$value"', /"Smoke" uses API keys that are not masked yet/),
        action('echo "::add-mask::$value"', 'test -n "$value"', /"Mask" reads secrets without masking them/),
        action(/value=\$\((.*)\)\n.*\n/, "$1\n", /"Mask" reads secrets without masking them/),
    ],
    noStoredKeys: [
        workflow("persist-credentials: false", "aws-access-key-id: x", /stored key/),
        workflow("${{ github.head_ref }}", "${{ secrets.PULUMI_ACCESS_TOKEN }}", /stored key/),
    ],
    grouped: [workflow(/ {4}concurrency:\n {6}group: comment\n/, "", /in no concurrency group/)],
    oneDeploymentAtATime: [
        workflow("group: deploy-dev", "group: deploy-${{ github.ref }}", /dev must be in the group deploy-dev/),
        workflow("    environment: dev\n", "", /dev changes a stack without an environment/),
        workflow("cancel-in-progress: false", "cancel-in-progress: true", /dev can be cancelled while it runs/),
        workflow("jobs:", "concurrency: { group: x, cancel-in-progress: true }\njobs:", /dev can be cancelled/),
    ],
    judgedBeforehand: [
        action("npm run --silent guard -- preview.json", "echo", /"Deploy" deploys what no guard has seen/),
        action(/(pulumi up --yes).*/, "$1", /"Deploy" leaves the policy pack out/),
        action(/(pulumi preview).*/, "$1", /"Preview" leaves the policy pack out/),
        action("--yes", "--yes --skip-preview", /"Deploy" does what is for people to do/),
        action("npm run --silent smoke", "pulumi cancel --yes", /"Smoke" does what is for people to do/),
    ],
    unlockedByHand: [
        workflow(" && inputs.action == 'unlock'", "", /unlock cancels locks without being asked to/),
        workflow("  workflow_dispatch:\n", "", /unlock cancels locks without being asked to/),
        workflow("== 'unlock'", "== 'unlock' || failure()", /unlock cancels locks without being asked to/),
    ],
};

describe("the checks of workflows", () => {
    const parsed = {
        workflow: (text: string) => parseWorkflow(".github/workflows/good.yml", text),
        action: (text: string) => parseWorkflow(".github/actions/good/action.yml", text),
    };
    const good = { workflow: GOOD_WORKFLOW, action: GOOD_ACTION };

    for (const [name, check] of Object.entries(CHECKS)) {
        it(`find nothing in what is good: ${name}`, () => {
            const found = [...check(parsed.workflow(good.workflow)), ...check(parsed.action(good.action))];

            assert.deepEqual(found, []);
        });
    }

    for (const [name, all] of Object.entries(BAD) as [keyof typeof CHECKS, readonly Bad[]][]) {
        all.forEach(({ of, replace, by, says }, index) => {
            it(`refuse what is bad: ${name} (${index + 1}), ${says.source}`, () => {
                const text = good[of].replace(replace, by);
                assert.notEqual(text, good[of], "the change changes nothing");

                const found = CHECKS[name](parsed[of](text));

                assert.ok(
                    found.some((sentence) => says.test(sentence)),
                    `found ${JSON.stringify(found)}`,
                );
            });
        });
    }
});
