import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readProject } from "../../plan/project";
import { stackFacts } from "../../tools/smoke/outputs";
import { runSmoke } from "../../tools/smoke/runSmoke";
import { targetOf } from "../../tools/smoke/target";
import { projectFolder } from "../support/plans";

const api = (id: string, region = "eu-west-1") => `https://${id}.execute-api.${region}.amazonaws.com/dev`;

const OUTPUTS: Readonly<Record<string, unknown>> = {
    ...{ eventIngestUrl: api("one"), uploadPipelineUrl: api("two"), orderServiceUrl: api("three") },
    ...{ challengeApiUrl: api("four"), challengeApiKey: "blue".repeat(10), challengeApiKeyOther: "green".repeat(8) },
    ...{ eventBucket: "quartet-dev-events-111111111111", uploadBucket: "quartet-dev-uploads-111111111111" },
};

const deployed = (outputs: object = {}, environment: Record<string, string> = {}) =>
    targetOf({
        ...{ stack: "dev", project: readProject(projectFolder, "dev"), environment },
        outputs: { ...OUTPUTS, ...outputs },
    });

describe("what smoke knows of a deployed stack", () => {
    it("is where its APIs and buckets are, and which role alone reports", () => {
        const { urls, buckets, workerRoleArn, deployed: isDeployed } = deployed();

        assert.equal(isDeployed, true);
        assert.equal(urls.orders, "https://three.execute-api.eu-west-1.amazonaws.com/dev");
        assert.equal(buckets.uploads, "https://s3.eu-west-1.amazonaws.com/quartet-dev-uploads-111111111111");
        assert.equal(workerRoleArn, "arn:aws:iam::111111111111:role/quartet-dev-uploads-promote");
    });

    const REFUSED: Record<string, [string, RegExp]> = {
        "an empty region": [api("x", ""), /a part of its host name is empty, as when the region is/],
        "another region": [api("x", "us-east-1"), /must be https:\/\/<id>\.execute-api\.eu-west-1\.amazonaws\.com\//],
        "no id": ["https://.execute-api.eu-west-1.amazonaws.com/dev", /a part of its host name is empty/],
        "no scheme": ["x.execute-api.eu-west-1.amazonaws.com/dev", /that is no URL/],
        "plain HTTP": [api("x").replace("https", "http"), /must begin with https:\/\//],
        "a slash at its end": [`${api("x")}/`, /must end with its path, without a slash/],
        "another host": ["https://example.com/dev", /must be https:\/\/<id>\.execute-api/],
    };
    for (const [what, [url, says]] of Object.entries(REFUSED)) {
        it(`is refused with the output's name where a URL has ${what}`, () => {
            assert.throws(
                () => deployed({ uploadPipelineUrl: url }),
                ({ message }: Error) => {
                    assert.ok(message.startsWith(`The output uploadPipelineUrl of stack dev is ${url}: `), message);
                    assert.match(message, says);
                    assert.match(message, /Look at aws:region and deploy again\.$/);
                    return true;
                },
            );
        });
    }

    it("is refused where an output is missing or masked", () => {
        assert.throws(
            () => deployed({ eventBucket: undefined }),
            /Stack dev has no output eventBucket: deploy it first/,
        );
        assert.throws(() => deployed({ challengeApiKey: "[secret]" }), /challengeApiKey .* read with --show-secrets/);
    });

    it("is the client of a token that its config has the digest of, and no other", () => {
        const project = readProject(projectFolder, "dev");
        const digest = crypto.createHash("sha256").update("a token").digest("hex");
        const config = { ...project.config, "quartet:clients": { acme: [digest] } };
        const clientOf = (token: string) =>
            targetOf({
                ...{ stack: "dev", outputs: OUTPUTS, project: { ...project, config } },
                environment: { QUARTET_TOKEN: token },
            }).client();

        assert.equal(clientOf("a token"), "acme");
        assert.equal(clientOf("another"), undefined);
    });

    for (const [system, title, variable] of [
        ["events", "stores an event once, however often it comes", "QUARTET_TOKEN"],
        ["uploads", "has S3 refuse a form with more than was announced", "QUARTET_TOKEN"],
        ["orders", "accepts an order once, however often it comes", "QUARTET_TOKEN"],
    ] as const) {
        it(`lets ${system} fail with a sentence, before anything is sent, without ${variable}`, async () => {
            const { results } = await runSmoke(deployed(), { systems: [system], only: (one) => one === title });

            assert.deepEqual(
                results.map(({ outcome, reason }) => [outcome, reason]),
                [
                    [
                        "failed",
                        `${variable} is not set: put the token of a client of stack dev into this environment variable (\`npm run token\` makes one).`,
                    ],
                ],
            );
        });
    }

    it("has another client's token in QUARTET_TOKEN_OTHER", () => {
        assert.throws(
            () => deployed({}, { QUARTET_TOKEN: "t" }).tokenOther(),
            /^Error: QUARTET_TOKEN_OTHER is not set/,
        );
        assert.equal(deployed({}, { QUARTET_TOKEN_OTHER: "other" }).tokenOther(), "other");
    });
});

describe("the outputs of a deployed stack", () => {
    let folder: string;
    const { PATH } = process.env;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
    });
    afterEach(() => {
        process.env.PATH = PATH;
        fs.rmSync(folder, { recursive: true });
    });

    /** Puts a program in the place of the Pulumi CLI. */
    const cli = (script: string) => {
        fs.writeFileSync(path.join(folder, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        process.env.PATH = `${folder}:${PATH}`;
    };

    it("are read with their secrets", () => {
        cli(`echo "$*" > "${folder}/arguments"; echo '{"challengeApiKey":"blue"}'`);

        const { outputs, project } = stackFacts("prod");

        assert.deepEqual(outputs, { challengeApiKey: "blue" });
        assert.equal(project.stack, "prod");
        assert.equal(
            fs.readFileSync(path.join(folder, "arguments"), "utf8"),
            "stack output --json --show-secrets --stack prod\n",
        );
    });

    it("are told of in the CLI's words when it fails, and in none of its when they are no JSON", () => {
        cli("echo 'error: no stack named dev' >&2; exit 255");
        assert.throws(() => stackFacts("dev"), {
            message: "The outputs of stack dev can't be read: error: no stack named dev",
        });

        cli("echo 'warning: hunter2hunter2'");
        assert.throws(
            () => stackFacts("dev"),
            ({ message, cause }: Error) => {
                assert.match(message, /the Pulumi CLI printed something else than JSON/);
                assert.ok(!message.includes("hunter2"));
                assert.equal(cause, undefined);
                return true;
            },
        );
    });

    it("need the CLI on PATH", () => {
        process.env.PATH = folder;

        assert.throws(() => stackFacts("dev"), /can't be read: the Pulumi CLI is not on PATH/);
    });
});
