import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessLogBucket } from "../components/support/accessLogBucket";
import type { Encryption } from "../components/support/encryption";
import { stackNames } from "../components/support/names";
import { logGroup } from "../components/support/operations";
import { trust, type Statement } from "../components/support/policy";
import { PrivateBucket } from "../components/support/privateBucket";
import { allow } from "./access/types";
import { buildSpec } from "./buildSpec";
import type { Environment } from "./githubRole";
import { makeRole, roleArn } from "./roles";
import { deployedProject } from "./scope";
import type { Settings } from "./settings";
import type { StateBucket } from "./stateBucket";

/** Arguments for {@link CodePipeline}. */
export interface CodePipelineArgs extends Environment {
    /** ARN of an AWS CodeConnections connection to GitHub, which somebody has accepted in the console. */
    readonly connectionArn: string;
    readonly settings: Pick<Settings, "repository" | "branch">;
    readonly state: StateBucket;
    readonly encryption: Encryption;
    readonly accessLogs: AccessLogBucket;
}

/**
 * Deploys one stack by AWS CodePipeline in place of GitHub's workflows: a push to the branch is checked and previewed, somebody
 * approves, then it is deployed. A push that comes while another is deployed waits, so that two deployments never meet.
 */
export class CodePipeline extends pulumi.ComponentResource {
    constructor(name: string, args: CodePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:bootstrap:CodePipeline", name, {}, opts);
        const { encryption, accessLogs, settings } = args;
        const names = stackNames();
        const artifacts = new PrivateBucket(
            `${name}-artifacts`,
            { encryption, accessLogs, versioning: true, expireDays: { "": 30 } },
            { parent: this },
        );
        const useArtifacts = [
            allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], `${artifacts.arn}/*`),
            allow("s3:GetBucketVersioning", artifacts.arn),
        ];
        const allowKey = (role: aws.iam.Role, purpose: string) =>
            encryption.allowRole({
                ...{ role, roleArn: roleArn(purpose), service: "s3" },
                actions: ["kms:Decrypt", "kms:GenerateDataKey"],
                context: { "aws:s3:arn": artifacts.arn },
            });
        const projects = (["preview", "deploy"] as const).map((step) => {
            const purpose = `${name}-${step}`;
            const { role, project } = this.buildProject(purpose, step, args, useArtifacts);
            allowKey(role, purpose);
            return project;
        });

        const pipelineName = names.physical(name);
        // The service has an older name, by which a connection's ARN tells what its actions are called.
        const connections = args.connectionArn.split(":")[2];
        const role = makeRole(name, {
            description: `Runs the pipeline ${pipelineName}`,
            trust: trust("codepipeline.amazonaws.com", names.account),
            allow: [
                ...useArtifacts,
                allow(`${connections}:UseConnection`, args.connectionArn, {
                    StringEqualsIfExists: { [`${connections}:FullRepositoryId`]: settings.repository },
                }),
                allow(
                    ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
                    ["preview", "deploy"].map((step) =>
                        names.arn("codebuild", `project/${names.physical(`${name}-${step}`)}`),
                    ),
                ),
            ],
            policies: {},
            parent: this,
        });
        allowKey(role, name);
        new aws.codepipeline.Pipeline(
            name,
            {
                name: pipelineName,
                pipelineType: "V2",
                executionMode: "QUEUED",
                roleArn: role.arn,
                artifactStores: [
                    {
                        type: "S3",
                        location: artifacts.bucketName,
                        encryptionKey: { type: "KMS", id: encryption.keyArn! },
                    },
                ],
                stages: stages(args, projects),
            },
            { parent: this, dependsOn: [...projects, artifacts] },
        );
        this.registerOutputs({});
    }

    /** A CodeBuild project with a role, which has what the step's role on GitHub has. */
    private buildProject(
        purpose: string,
        step: "preview" | "deploy",
        { environment, policies, secrets, state, encryption }: CodePipelineArgs,
        useArtifacts: readonly Statement[],
    ) {
        const names = stackNames();
        const projectName = names.physical(purpose);
        const write = step === "deploy";
        const logGroupName = `/aws/codebuild/${projectName}`;
        const operations = { encryption, logs: { retentionDays: 365, level: "INFO" as const }, alarmTopics: [] };
        const logs = logGroup(`${purpose}-logs`, logGroupName, operations, { parent: this });
        const role = makeRole(purpose, {
            description: `Builds ${projectName} alone`,
            trust: trust("codebuild.amazonaws.com", names.account),
            allow: [
                ...(write
                    ? state.writing(deployedProject(), environment)
                    : state.reading(deployedProject(), [environment])),
                ...useArtifacts,
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], names.arn("logs", `log-group:${logGroupName}:*`)),
            ],
            policies: write ? { ...policies.read, ...policies.change } : policies.read,
            parent: this,
        });
        state.allowKey(role, roleArn(purpose), { write });
        secrets.allow(role, roleArn(purpose), { write });
        const project = new aws.codebuild.Project(
            purpose,
            {
                name: projectName,
                description: `${write ? "Deploys" : "Previews"} ${environment}`,
                serviceRole: role.arn,
                buildTimeout: 60,
                queuedTimeout: 60,
                artifacts: { type: "CODEPIPELINE" },
                encryptionKey: encryption.keyArn,
                environment: {
                    type: "ARM_CONTAINER",
                    computeType: "BUILD_GENERAL1_SMALL",
                    image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
                    // Docker builds the image of containers.
                    privilegedMode: write,
                    environmentVariables: [
                        { name: "PULUMI_BACKEND_URL", value: `s3://${state.bucketName}?region=${names.region}` },
                    ],
                },
                source: { type: "CODEPIPELINE", buildspec: buildSpec(step, environment) },
                logsConfig: { cloudwatchLogs: { groupName: logGroupName } },
            },
            { parent: this, dependsOn: [role, logs] },
        );
        return { role, project };
    }
}

function stages({ connectionArn, settings }: CodePipelineArgs, projects: readonly aws.codebuild.Project[]) {
    const [preview, deploy] = projects.map((project) => ({
        ...{ category: "Build", owner: "AWS", provider: "CodeBuild", version: "1", inputArtifacts: ["source"] },
        configuration: { ProjectName: project.name },
    }));
    return [
        {
            name: "Source",
            actions: [
                {
                    ...{ name: "GitHub", category: "Source", owner: "AWS", provider: "CodeStarSourceConnection" },
                    ...{ version: "1", outputArtifacts: ["source"] },
                    configuration: {
                        ConnectionArn: connectionArn,
                        FullRepositoryId: settings.repository,
                        BranchName: settings.branch,
                    },
                },
            ],
        },
        { name: "Preview", actions: [{ name: "Preview", ...preview }] },
        {
            name: "Approval",
            actions: [{ name: "Approve", category: "Approval", owner: "AWS", provider: "Manual", version: "1" }],
        },
        { name: "Deploy", actions: [{ name: "Deploy", ...deploy }] },
    ];
}
