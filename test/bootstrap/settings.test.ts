import * as assert from "node:assert/strict";
import { parseSettings } from "../../bootstrap/settings";
import { bootstrapPlan } from "./support/bootstrapPlan";

const PREFIX = "quartet-bootstrap:";
const connectionArn = "arn:aws:codeconnections:eu-west-1:111111111111:connection/1";

describe("the config of the bootstrap", () => {
    it("needs a repository alone, and has main, dev and prod by default", () => {
        assert.deepEqual(parseSettings({ repository: "acme/quartet" }, PREFIX), {
            repository: "acme/quartet",
            branch: "main",
            environments: ["dev", "prod"],
            createProvider: true,
            codePipeline: false,
        });
    });

    it("takes the ids as numbers and as texts", () => {
        for (const [organizationId, repositoryId] of [
            [123, 456],
            ["123", "456"],
        ]) {
            const { ids } = parseSettings({ repository: "acme/quartet", organizationId, repositoryId }, PREFIX);
            assert.deepEqual(ids, { organization: "123", repository: "456" });
        }
    });

    const WRONG: Record<string, readonly [Readonly<Record<string, unknown>>, RegExp]> = {
        "no repository": [{ repository: undefined }, /^quartet-bootstrap:repository is missing: /],
        "a repository without an organization": [{ repository: "quartet" }, /allowed is <organization>\/<repository>/],
        "a repository with a wildcard": [{ repository: "acme/*" }, /repository is "acme\/\*": allowed is /],
        "a branch with a wildcard": [
            { branch: "release/*" },
            /branch is "release\/\*": allowed is the name of a branch/,
        ],
        "one id of two": [{ repositoryId: 1 }, /organizationId and quartet-bootstrap:repositoryId go together/],
        "an id that is none": [
            { organizationId: "acme", repositoryId: 1 },
            /organizationId is "acme": allowed is a number/,
        ],
        "no environment": [{ environments: [] }, /environments is \[\]: allowed is a list of different names/],
        "the same environment twice": [{ environments: ["dev", "dev"] }, /allowed is a list of different names/],
        "an environment whose names would cover another's": [
            { environments: ["prod", "prod-eu"] },
            /none begins with another one and -/,
        ],
        "an environment whose names would cover the bootstrap's": [
            { environments: ["bootstrap"] },
            /none preview or boot/,
        ],
        "a pipeline for a stack that is not here": [
            { codePipeline: { connectionArn, environment: "test" } },
            /codePipeline.environment is "test": allowed is one of quartet-bootstrap:environments, dev, prod/,
        ],
        "a key that nothing reads": [{ repo: "acme/quartet" }, /^quartet-bootstrap:repo is unknown: /],
    };

    for (const [what, [values, message]] of Object.entries(WRONG)) {
        it(`refuses ${what}`, () => {
            assert.throws(() => parseSettings({ repository: "acme/quartet", ...values }, PREFIX), { message });
        });
    }

    it("stops the program with a sentence", async () => {
        await assert.rejects(bootstrapPlan("main", { "quartet-bootstrap:repository": "quartet" }), {
            message:
                'quartet-bootstrap:repository is "quartet": allowed is <organization>/<repository>, such as acme/quartet.',
        });
    });
});
