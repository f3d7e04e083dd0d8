import { parseArgs } from "node:util";
import { comment } from "./previewComment/comment";
import { post } from "./previewComment/post";
import { passed, readReports } from "./previewComment/stackReport";
import { run } from "./run";

// The command `npm run preview-comment`.

const HELP = `Makes the comment of a pull request from what CI recorded of each stack, and posts it.

  npm run preview-comment -- FOLDER --commit ID [options]

FOLDER has a folder for each stack, with the output and the exit code of preview, policy, guard and cost:
dev/preview.out, dev/preview.code and so on. Without --pull-request the comment is only printed.

  --commit ID            what was previewed
  --repository OWNER/NAME
  --pull-request NUMBER  post it there, by GitHub's CLI with the token in GH_TOKEN; an earlier one is updated

Ends with code 1 when a part failed, is missing or can't be read: after the comment is posted.`;

run(() => {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            commit: { type: "string" },
            repository: { type: "string" },
            "pull-request": { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0 || values.commit === undefined) {
        throw new Error("npm run preview-comment needs one folder of reports, and --commit; --help tells more.");
    }
    const reports = readReports(folder, process.env);
    const text = comment(reports, values.commit);
    console.log(text);
    if (values["pull-request"] !== undefined) {
        const done = post(text, pullRequestOf(values.repository, values["pull-request"]));
        console.error(`The comment was ${done}.`);
    }
    const failed = reports.filter((report) => !passed(report)).map(({ stack }) => stack);
    if (failed.length > 0) {
        throw new Error(`Something failed for ${failed.join(" and ")}: the comment says what.`);
    }
});

function pullRequestOf(repository: string | undefined, number: string): { repository: string; number: number } {
    if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
        throw new Error("--repository must be OWNER/NAME.");
    }
    if (!/^[1-9]\d*$/.test(number)) {
        throw new Error(`--pull-request must be a number, and not ${number}.`);
    }
    return { repository, number: Number(number) };
}
