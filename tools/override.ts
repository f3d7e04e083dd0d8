import { parseArgs } from "node:util";
import { github } from "./previewComment/post";
import { LABEL, overrideOf, type PullRequestText } from "./previewComment/override";
import { run } from "./run";

// The command `npm run override`.

const HELP = `Says whether a pull request lets the guard's findings pass, in the form of outputs of a step of GitHub Actions:

  label=present|absent
  reason=…

  npm run override -- --repository OWNER/NAME --pull-request NUMBER
  npm run override -- --repository OWNER/NAME --commit ID    the pull request that was merged as this commit

The label is ${LABEL}; the reason is a line of the pull request's description, "Allow-replacement: …".
Reads by GitHub's CLI with the token in GH_TOKEN. A commit without a pull request has neither.`;

run(() => {
    const { values } = parseArgs({
        options: {
            repository: { type: "string" },
            "pull-request": { type: "string" },
            commit: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const { label, reason } = overrideOf(pullRequest(values.repository, values["pull-request"], values.commit));
    console.log(`label=${label}\nreason=${reason}`);
});

function pullRequest(repository = "", number?: string, commit?: string): PullRequestText | undefined {
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
        throw new Error("--repository must be OWNER/NAME.");
    }
    if (number) {
        if (!/^[1-9]\d*$/.test(number)) {
            throw new Error(`--pull-request must be a number, and not ${number}.`);
        }
        return github(`repos/${repository}/pulls/${number}`) as PullRequestText;
    }
    if (!/^[0-9a-f]{40}$/.test(commit ?? "")) {
        throw new Error("npm run override needs --pull-request, or --commit with a full commit id.");
    }
    const requests = github(`repos/${repository}/commits/${commit}/pulls`) as PullRequestText[];
    return requests.find(({ merge_commit_sha }) => merge_commit_sha === commit);
}
