import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { rule as oidc } from "../../policy/rules/iam/iam-trust-github-oidc-scoped";
import { rule as stateBucket } from "../../policy/rules/pulumi/pulumi-state-bucket";
import { judge, judgeStack } from "../policy/support/judge";
import { declaredResources } from "../policy/support/program";
import { projectFolder } from "../support/plans";
import { account, bootstrapPlan, bootstrapProject } from "./support/bootstrapPlan";
import { bootstrapPackConfig, packFindings, type PackConfig } from "./support/packFindings";

const PIPELINE = {
    "quartet-bootstrap:codePipeline": {
        connectionArn: `arn:aws:codeconnections:eu-west-1:${account}:connection/0b0b0b0b-1111-2222-3333-444444444444`,
        environment: "dev",
    },
};

/** The pack's config, with the rule on for the bucket of the state. */
const withStateBucket = (stack: string): PackConfig => ({
    ...bootstrapPackConfig(),
    "pulumi-state-bucket": { bucket: `quartet-bootstrap-${stack}-state-${account}` },
});

describe("the policy pack, of the bootstrap", () => {
    for (const [stack, config] of [
        ["dev", {}],
        ["prod", PIPELINE],
    ] as const) {
        it(`finds nothing on stack ${stack}, and every exception is needed`, async () => {
            const plan = await bootstrapPlan(stack, config);

            const findings = await packFindings(bootstrapProject(stack, config), plan, withStateBucket(stack));

            assert.deepEqual(findings, []);
        });
    }

    it("finds nothing mandatory where an account has one stack, and says which exceptions are left over", async () => {
        const config = { "quartet-bootstrap:environments": ["prod"] };

        const findings = await packFindings(
            bootstrapProject("main", config),
            await bootstrapPlan("main", config),
            bootstrapPackConfig(),
        );

        assert.ok(findings.length > 0);
        assert.deepEqual(
            [...new Set(findings.map(({ level, rule }) => `${level} ${rule}`))],
            ["advisory pack-exceptions"],
        );
    });

    it("stops a trust in any repository of the organization", async () => {
        const [trusting] = declaredResources(await bootstrapPlan("dev")).filter(
            ({ name }) => name === "deploy-dev-role",
        );
        const text = trusting.props!.assumeRolePolicy as string;
        const loose = text.replaceAll("acme/quartet:", "acme/*:").replaceAll("StringEquals", "StringLike");

        const before = await judge(oidc, trusting, "dev");
        const after = await judge(oidc, { ...trusting, props: { ...trusting.props, assumeRolePolicy: loose } }, "dev");

        assert.deepEqual(before, []);
        assert.match(after.join(), /trusts the subject repo:acme\/\*:environment:dev of GitHub/);
    });

    it("stops a state bucket without versions, and one that is not protected", async () => {
        const { bucket } = withStateBucket("dev")["pulumi-state-bucket"];
        const rule = { ...stateBucket, options: { bucket: { ...stateBucket.options!.bucket, dev: bucket } } };
        const resources = declaredResources(await bootstrapPlan("dev"));
        const unversioned = resources.filter(({ name }) => name !== "state-versioning");
        const unprotected = resources.map((each) => ({ ...each, protect: false }));

        assert.deepEqual(await judgeStack(rule, resources, "dev"), []);
        assert.match((await judgeStack(rule, unversioned, "dev")).join(), /keeps no versions/);
        assert.match((await judgeStack(rule, unprotected, "dev")).join(), /not protected/);
    });

    it("gets none of the exceptions that the program has", () => {
        const config = bootstrapPackConfig();
        const ofProgram = ["dev", "prod"].flatMap((stack) => {
            const file = path.join(projectFolder, "policy", `${stack}.json`);
            const rules = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, { exceptions?: unknown[] }>;
            return Object.keys(rules).filter((id) => rules[id].exceptions);
        });

        const left = [...new Set(ofProgram)].filter((id) => !Array.isArray(config[id]?.exceptions));
        assert.deepEqual(left, [], 'add them to bootstrap/policy.json with "exceptions": []');
    });
});
