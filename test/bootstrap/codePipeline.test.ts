import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { resource, resourcesOfType, statements } from "../support/plans";
import { account, bootstrapPlan, region } from "./support/bootstrapPlan";
import { roleVerdicts } from "./support/verdicts";

const connectionArn = `arn:aws:codeconnections:${region}:${account}:connection/0b0b0b0b-1111-2222-3333-444444444444`;

describe("the pipeline of the bootstrap", () => {
    let plan: Plan;
    before(async () => {
        plan = await bootstrapPlan("prod", {
            "quartet-bootstrap:codePipeline": { connectionArn, environment: "dev" },
        });
    });

    it("is not made unless the config asks for it", async () => {
        const { resources } = await bootstrapPlan("main");

        assert.deepEqual(
            resources.filter(({ type }) => /codepipeline|codebuild/.test(type)),
            [],
        );
    });

    it("takes the branch of the repository, previews, waits for somebody, and deploys, one push after the other", () => {
        const { inputs } = resource(plan, "aws:codepipeline/pipeline:Pipeline", "pipeline");
        const actions = (inputs.stages as any[]).flatMap(({ actions: [action] }) => action);

        assert.equal(inputs.executionMode, "QUEUED");
        assert.deepEqual(
            actions.map(({ category, provider }) => `${category} by ${provider}`),
            ["Source by CodeStarSourceConnection", "Build by CodeBuild", "Approval by Manual", "Build by CodeBuild"],
        );
        assert.deepEqual(actions[0].configuration, {
            ...{ ConnectionArn: connectionArn, FullRepositoryId: "acme/quartet", BranchName: "main" },
        });
        assert.deepEqual(
            actions
                .filter(({ provider }) => provider === "CodeBuild")
                .map(({ configuration }) => configuration.ProjectName),
            ["quartet-bootstrap-prod-pipeline-preview", "quartet-bootstrap-prod-pipeline-deploy"],
        );
    });

    it("runs the policy pack with the stack's config in both builds", () => {
        const commands = resourcesOfType(plan, "aws:codebuild/project:Project").map(
            ({ inputs }) => JSON.parse((inputs.source as any).buildspec).phases.build.commands.at(-1) as string,
        );

        const options = "--non-interactive --stack dev --policy-pack policy --policy-pack-config policy/dev.json";
        assert.deepEqual(commands, [`pulumi preview --diff ${options}`, `pulumi up --yes --skip-preview ${options}`]);
    });

    it("gives each build a role that CodeBuild takes for this account alone", () => {
        for (const step of ["preview", "deploy"]) {
            const role = resource(plan, "aws:iam/role:Role", `pipeline-${step}-role`);
            assert.deepEqual(statements(role.inputs.assumeRolePolicy), [
                {
                    Effect: "Allow",
                    Principal: { Service: "codebuild.amazonaws.com" },
                    Action: "sts:AssumeRole",
                    Condition: { StringEquals: { "aws:SourceAccount": account } },
                },
            ]);
        }
    });

    it("deploys dev and not prod, and changes nothing in its preview", () => {
        const deploy = roleVerdicts(plan, "pipeline-deploy");
        const preview = roleVerdicts(plan, "pipeline-preview");
        const queue = (stack: string) => `arn:aws:sqs:${region}:${account}:quartet-${stack}-uploads-queue`;
        const state = (stack: string) =>
            `arn:aws:s3:::quartet-bootstrap-prod-state-${account}/.pulumi/stacks/quartet/${stack}.json`;

        assert.equal(deploy("sqs:CreateQueue", queue("dev")), "allow");
        assert.equal(deploy("s3:PutObject", state("dev")), "allow");
        assert.equal(deploy("sqs:CreateQueue", queue("prod")), "implicitDeny");
        assert.equal(deploy("s3:GetObject", state("prod")), "implicitDeny");
        assert.equal(preview("sqs:GetQueueAttributes", queue("dev")), "allow");
        assert.equal(preview("sqs:CreateQueue", queue("dev")), "implicitDeny");
        assert.equal(preview("s3:PutObject", state("dev")), "implicitDeny");
    });

    it("itself starts its builds and hands on what they build, and nothing more", () => {
        const may = roleVerdicts(plan, "pipeline");
        const project = (name: string) => `arn:aws:codebuild:${region}:${account}:project/${name}`;

        assert.equal(may("codebuild:StartBuild", project("quartet-bootstrap-prod-pipeline-deploy")), "allow");
        assert.equal(may("codebuild:StartBuild", project("other")), "implicitDeny");
        assert.equal(may("codeconnections:UseConnection", connectionArn), "allow");
        assert.equal(
            may("codeconnections:UseConnection", connectionArn, {
                "codeconnections:FullRepositoryId": "acme/other",
            }),
            "implicitDeny",
        );
        assert.equal(may("sqs:CreateQueue", `arn:aws:sqs:${region}:${account}:quartet-dev-x`), "implicitDeny");
    });
});
