import * as fs from "node:fs";
import * as path from "node:path";
import { startEngine } from "../../engine/support/engine";
import { projectFolder } from "../../support/plans";
import { fileOf } from "./recordings";

// Records the previews that the tests of `npm run guard` read, by the Pulumi CLI and stand-in providers:
//
//   node --require ./tools/register.cjs test/tools/support/recordPreviews.ts && npx prettier --write test/tools/guard
//
// Needs the Pulumi CLI on PATH.

/** A program of one function and three resources that hold something; what a preview needs to differ is put in. */
function program({
    bucket = "",
    table = true,
    functionName = "answer",
    handler = "index.handler",
    functionOptions = "{}",
} = {}) {
    return `
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");
new aws.s3.Bucket("events", { bucket: "program-dev-events${bucket}" }, { replaceOnChanges: ["bucket"] });
${table ? 'new aws.dynamodb.Table("orders", { name: "program-dev-orders", hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" });' : ""}
new aws.sqs.Queue("work", { name: "program-dev-work" });
new aws.iam.Role("answer-role", { name: "program-dev-answer", assumeRolePolicy: "{}" });
new aws.lambda.Function("${functionName}", {
    name: "program-dev-answer",
    role: "arn:aws:iam::111111111111:role/program-dev-answer",
    runtime: "nodejs24.x",
    handler: "${handler}",
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = () => 1;") }),
}, ${functionOptions});
`;
}

/** Drops where in the source a resource is declared, and the names of this machine's folders. */
function withoutPlaces(json: string, folder: string): string {
    const dropped = ["sourcePosition", "stackTrace"];
    const text = JSON.stringify(JSON.parse(json, (key, value: unknown) => (dropped.includes(key) ? undefined : value)));
    return text.replaceAll(folder, "/program").replaceAll(projectFolder, "/checkout");
}

async function record(): Promise<void> {
    const engine = await startEngine();
    try {
        const folder = engine.writeProgram("program", "");
        const config = "config:\n  aws:region: eu-west-1\n  aws:allowedAccountIds: ['111111111111']\n";
        fs.writeFileSync(path.join(folder, "Pulumi.dev.yaml"), config);
        const pulumi = (...args: string[]) => engine.pulumi(folder, ...args, "--stack", "dev");
        const preview = async (file: string, text: string, ...args: string[]) => {
            fs.writeFileSync(path.join(folder, "index.js"), text);
            const { code, stdout } = await pulumi("preview", "--json", ...args);
            fs.writeFileSync(fileOf(file), withoutPlaces(stdout, folder));
            console.log(`${file}: code ${code}`);
        };
        const up = async (text: string) => {
            fs.writeFileSync(path.join(folder, "index.js"), text);
            const { code, stdout, stderr } = await pulumi("up", "--yes", "--skip-preview");
            if (code !== 0) {
                throw new Error(stdout + stderr);
            }
        };
        await engine.pulumi(folder, "stack", "init", "dev");
        await preview("emptyState", program());
        await up("");
        await preview("stackAlone", program());
        await up(program());
        await preview("unchanged", program());
        await preview("updated", program({ handler: "index.other" }));
        await preview("replaced", program({ bucket: "-2" }));
        await preview("replacementSteps", program({ bucket: "-2" }), "--show-replacement-steps");
        await preview("deleted", program({ table: false }));
        await preview("renamed", program({ functionName: "reply" }));
        const replaced = program({ handler: "index.other", functionOptions: '{ replaceOnChanges: ["handler"] }' });
        await preview("functionReplaced", replaced);
        await preview("failed", `${program()}\nthrow new Error("the program stops here");`);
        await preview("emptyProgram", "");
    } finally {
        engine.close();
    }
}

void record();
