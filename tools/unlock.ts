import * as path from "node:path";
import { parseArgs } from "node:util";
import { printColumns } from "./columns";
import { oneLine } from "./oneLine";
import { run } from "./run";
import { folder } from "./stackOutputs";
import { backendUrl, cancel, checkStack, projectName } from "./unlock/cli";
import { ageOf, CI_OWNERS, refusals } from "./unlock/judge";
import { lockFolder, type Lock } from "./unlock/lock";
import { readLocks } from "./unlock/readLocks";

// The command `npm run unlock -- --stack S`.

const HELP = `Cancels the lock that an update left on a stack when it was killed, and only such a one.

  npm run unlock -- --stack NAME [options]

  --stack NAME           dev or prod
  --older-than MINUTES   a younger lock may be of an update that still runs (default 60)
  --owner USER@HOST      whose locks may be cancelled, * for any text; may be repeated (default ${CI_OWNERS.join(", ")})
  --cwd FOLDER           of the Pulumi project (default this one)
  --yes                  cancel; without it, only say what would be done

Shows who holds the stack and since when, in the state backend that the Pulumi CLI uses (s3:// or file://). Ends with code 1
and changes nothing when a lock is younger, or of another owner. Otherwise it runs \`pulumi cancel\`, which deletes all locks of
the stack: let no other deployment of it start meanwhile. An s3:// backend is read with your AWS credentials, which need
s3:ListBucket, s3:GetObject and s3:DeleteObject there, and the use of the bucket's key.`;

run(async () => {
    const { values } = parseArgs({
        options: {
            stack: { type: "string" },
            "older-than": { type: "string", default: "60" },
            owner: { type: "string", multiple: true, default: [...CI_OWNERS] },
            cwd: { type: "string", default: folder },
            yes: { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    if (values.stack === undefined) {
        throw new Error("No stack named: give --stack dev or --stack prod.");
    }
    const olderThan = minutes(values["older-than"]);
    const cwd = path.resolve(values.cwd);
    const { stack } = values;
    const project = projectName(cwd);
    const url = backendUrl(cwd);
    checkStack(stack, cwd);
    const read = () => readLocks(url, lockFolder(project, stack), cwd);
    const locks = await read();
    const now = Date.now();
    if (locks.length === 0) {
        console.log(`Stack ${stack} of ${project} is not locked.`);
        return;
    }
    show(locks, now);
    const reasons = refusals(locks, { olderThan, owners: values.owner, now });
    if (reasons.length > 0) {
        throw new Error(reasons.join("\n"));
    }
    if (!values.yes) {
        console.log(`\nThis is stranded: run it again with --yes to cancel it.`);
        return;
    }
    cancel(stack, cwd);
    const left = await read();
    if (left.length > 0) {
        throw new Error(`Stack ${stack} is locked again, by ${left.map(({ owner }) => owner).join(", ")}: let it end.`);
    }
    console.log(
        `\nStack ${stack} of ${project} is no longer locked. What the update began may be missing in the state: look at \`pulumi preview --refresh\` before the next deployment.`,
    );
});

function minutes(text: string): number {
    if (!/^\d{1,6}$/.test(text)) {
        throw new Error(`--older-than is ${text}: give a whole number of minutes, such as 60.`);
    }
    return Number(text);
}

function show(locks: readonly Lock[], now: number): void {
    printColumns([
        ["since", "minutes", "owner", "process", "lock"],
        ...locks.map((lock) => [
            new Date(lock.since).toISOString(),
            String(ageOf(lock, now)),
            lock.owner,
            String(lock.pid),
            oneLine(lock.key),
        ]),
    ]);
}
