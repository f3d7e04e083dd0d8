import { parseArgs } from "node:util";
import * as s3 from "@aws-sdk/client-s3";
import { readProject } from "../plan/project";
import { replayRejected } from "./replayRejected";
import { run } from "./run";
import { folder, localOutputs, stackOutputs } from "./stackOutputs";

// The command `npm run replay -- --from <time> --to <time>`.

const HELP = `Sends rejected events through validation again. Safe to run twice.

  npm run replay -- --from TIME --to TIME [options]

  --from TIME   batches of this time (RFC 3339) and later
  --to TIME     batches before this time
  --dry-run     check and count, and write nothing
  --stack NAME  local (the local run), dev or prod (default local)

A deployed stack is reached with your own AWS credentials; they need s3:ListBucket, s3:GetObject and s3:PutObject on the
bucket, and the use of its key where it has one.`;

run(async () => {
    const { values } = parseArgs({
        options: {
            from: { type: "string" },
            to: { type: "string" },
            "dry-run": { type: "boolean", default: false },
            stack: { type: "string", default: "local" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const [from, to] = [timeOption("--from", values.from), timeOption("--to", values.to)];
    if (from >= to) {
        throw new Error("--from must be before --to.");
    }
    const bucket = stackOutputs(values.stack).eventBucket as string;
    const total = await replayRejected({
        ...{ client: clientOf(values.stack), bucket, from, to, dryRun: values["dry-run"] },
        progress: (key, { replayed, alreadyReplayed, stillRejected }) =>
            console.log(`${key}: ${replayed} replayed, ${alreadyReplayed} already, ${stillRejected} still rejected`),
    });
    const verb = values["dry-run"] ? "would be replayed, or have been" : "replayed";
    console.log(
        `${total.replayed} ${verb}, ${total.alreadyReplayed} already replayed, ${total.stillRejected} still rejected`,
    );
});

function timeOption(name: string, text: string | undefined): number {
    const time = text && /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN;
    if (Number.isNaN(time)) {
        throw new Error(
            `${name} ${text === undefined ? "is missing" : `is ${text}`}: give a time of RFC 3339, such as 2026-01-31T12:00:00Z.`,
        );
    }
    return time;
}

function clientOf(stack: string): s3.S3Client {
    if (stack !== "local") {
        return new s3.S3Client({ region: readProject(folder, stack).config["aws:region"] as string });
    }
    const { endpoint, region, accessKeyId, secretAccessKey } = localOutputs().adminCredentials;
    return new s3.S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, forcePathStyle: true });
}
