import * as assert from "node:assert/strict";
import { account, bootstrapPlan, region } from "./support/bootstrapPlan";
import { arn, boundary, role, state, tags } from "./support/names";
import { roleVerdicts } from "./support/verdicts";

type May = ReturnType<typeof roleVerdicts>;

describe("the role deploy-dev", () => {
    let may: May;
    before(async () => {
        may = roleVerdicts(await bootstrapPlan("main"), "deploy-dev");
    });

    const NAMED: readonly [action: string, dev: string][] = [
        ["lambda:UpdateFunctionCode", arn("lambda", "function:quartet-dev-orders-create")],
        ["lambda:CreateAlias", arn("lambda", "function:quartet-dev-orders-create:live")],
        ["lambda:InvokeFunction", arn("lambda", "function:quartet-dev-uploads-migrate")],
        ["s3:PutBucketPolicy", `arn:aws:s3:::quartet-dev-events-${account}`],
        ["dynamodb:DeleteTable", arn("dynamodb", "table/quartet-dev-orders")],
        ["sqs:SetQueueAttributes", arn("sqs", "quartet-dev-uploads-queue")],
        ["sns:SetTopicAttributes", arn("sns", "quartet-dev-alarms")],
        ["ecs:UpdateService", arn("ecs", "service/quartet-dev-orders-process/quartet-dev-orders-worker")],
        ["ecs:RegisterTaskDefinition", arn("ecs", "task-definition/quartet-dev-orders-process:7")],
        ["ecr:PutImage", arn("ecr", "repository/quartet-dev-orders-image")],
        ["events:PutTargets", arn("events", "rule/quartet-dev-orders-sweep-every-minute")],
        ["logs:DeleteLogGroup", arn("logs", "log-group:/aws/lambda/quartet-dev-orders-create")],
        ["glue:UpdateTable", arn("glue", "table/quartet_dev_events/events")],
        ["wafv2:DeleteWebACL", arn("wafv2", "regional/webacl/quartet-dev-firewall/1a2b")],
        ["cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:quartet-dev-orders-failed")],
        ["cloudwatch:PutDashboard", `arn:aws:cloudwatch::${account}:dashboard/quartet-dev-orders`],
        ["kms:CreateAlias", arn("kms", "alias/quartet-dev-data")],
        ["codedeploy:CreateDeployment", arn("codedeploy", "deploymentgroup:quartet-dev-orders/live")],
        ["iam:DeleteRole", role("quartet-dev-orders-create")],
    ];

    for (const [action, dev] of NAMED) {
        it(`may do ${action} on dev's names, and neither on prod's nor on the bootstrap's`, () => {
            assert.equal(may(action, dev), "allow");
            for (const other of ["prod", "bootstrap-main", "development"]) {
                const named = dev.replaceAll("quartet-dev", `quartet-${other}`).replace("quartet_dev", "quartet_prod");
                assert.equal(may(action, named), "implicitDeny", named);
            }
        });
    }

    const TAGGED: readonly [action: string, on: string, more?: Readonly<Record<string, string>>][] = [
        ["apigateway:PATCH", `arn:aws:apigateway:${region}::/restapis/a1b2c3`],
        ["apigateway:DELETE", `arn:aws:apigateway:${region}::/apikeys/k1`],
        ["apigateway:SetWebACL", `arn:aws:apigateway:${region}::/restapis/a1b2c3/stages/live`],
        ["dsql:DeleteCluster", arn("dsql", "cluster/abc")],
        ["ec2:DeleteVpc", arn("ec2", "vpc/vpc-1")],
        ["ec2:AuthorizeSecurityGroupIngress", arn("ec2", "security-group/sg-1")],
        ["kms:PutKeyPolicy", arn("kms", "key/1")],
        ["kms:Decrypt", arn("kms", "key/1"), { "kms:ViaService": `lambda.${region}.amazonaws.com` }],
        ["lambda:DeleteEventSourceMapping", arn("lambda", "event-source-mapping:1")],
        ["application-autoscaling:PutScalingPolicy", arn("application-autoscaling", "scalable-target/1")],
    ];

    for (const [action, on, more = {}] of TAGGED) {
        it(`may do ${action} on what has dev's tags, and on nothing else`, () => {
            assert.equal(may(action, on, { ...tags("ResourceTag", "dev"), ...more }), "allow");
            assert.equal(may(action, on, { ...tags("ResourceTag", "prod"), ...more }), "implicitDeny");
            assert.equal(may(action, on, { ...tags("ResourceTag", "dev", "other"), ...more }), "implicitDeny");
            assert.equal(may(action, on, more), "implicitDeny", "without tags");
        });
    }

    it("makes what gets ids of AWS's only with dev's tags", () => {
        const cases = [
            ["ec2:CreateVpc", arn("ec2", "vpc/*")],
            ["dsql:CreateCluster", arn("dsql", "cluster/*")],
            ["kms:CreateKey", "*"],
            ["apigateway:POST", `arn:aws:apigateway:${region}::/restapis`],
        ] as const;
        for (const [action, on] of cases) {
            assert.equal(may(action, on, tags("RequestTag", "dev")), "allow", action);
            assert.equal(may(action, on, tags("RequestTag", "prod")), "implicitDeny", action);
            assert.equal(may(action, on), "implicitDeny", action);
        }
    });

    it("takes nothing of another stack by giving it dev's tags", () => {
        const claims = [
            ["ec2:CreateTags", arn("ec2", "security-group/sg-1")],
            ["kms:TagResource", arn("kms", "key/1")],
            ["dsql:TagResource", arn("dsql", "cluster/abc")],
            ["lambda:TagResource", arn("lambda", "event-source-mapping:1")],
        ] as const;
        for (const [action, on] of claims) {
            const claim = tags("RequestTag", "dev");
            assert.equal(may(action, on, claim), "allow", action);
            assert.equal(may(action, on, { ...claim, ...tags("ResourceTag", "prod") }), "implicitDeny", action);
        }
    });

    it("makes a role, or gives one rights, only with dev's boundary", () => {
        for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
            const on = role("quartet-dev-new");
            assert.equal(may(action, on, { "iam:PermissionsBoundary": boundary("dev") }), "allow", action);
            assert.equal(may(action, on), "implicitDeny", `${action} without a boundary`);
            for (const other of [boundary("prod"), "arn:aws:iam::aws:policy/AdministratorAccess"]) {
                assert.equal(may(action, on, { "iam:PermissionsBoundary": other }), "implicitDeny", action);
            }
        }
    });

    it("takes no boundary away, changes none, and attaches no policy to a role", () => {
        const context = { "iam:PermissionsBoundary": boundary("dev") };
        for (const action of ["DeleteRolePermissionsBoundary", "AttachRolePolicy", "CreateUser", "CreateAccessKey"]) {
            assert.equal(may(`iam:${action}`, role("quartet-dev-orders-create"), context), "implicitDeny", action);
        }
        for (const action of ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy"]) {
            assert.equal(may(`iam:${action}`, boundary("dev"), context), "implicitDeny", action);
        }
        assert.equal(may("sts:AssumeRole", role("quartet-dev-orders-create")), "implicitDeny");
    });

    it("passes dev's roles to the program's services, and neither others nor to others", () => {
        const pass = (name: string, service: string) =>
            may("iam:PassRole", role(name), { "iam:PassedToService": `${service}.amazonaws.com` });

        for (const service of ["lambda", "ecs-tasks", "apigateway", "vpc-flow-logs"]) {
            assert.equal(pass("quartet-dev-any", service), "allow", service);
        }
        for (const service of ["ec2", "cloudformation", "codebuild", "glue", "sagemaker"]) {
            assert.equal(pass("quartet-dev-any", service), "implicitDeny", service);
        }
        assert.equal(pass("quartet-prod-any", "lambda"), "implicitDeny");
        assert.equal(pass("quartet-bootstrap-main-deploy-prod", "lambda"), "implicitDeny");
        assert.equal(may("iam:PassRole", role("quartet-dev-any")), "implicitDeny", "to whatever service");
    });

    it("writes the state of dev alone", () => {
        const key = (stack: string) => `${state}/.pulumi/stacks/quartet/${stack}.json`;

        assert.equal(may("s3:PutObject", key("dev")), "allow");
        assert.equal(may("s3:PutObject", `${state}/.pulumi/locks/organization/quartet/dev/1.json`), "allow");
        for (const on of [key("prod"), key("dev-2"), `${state}/.pulumi/stacks/quartet-bootstrap/main.json`]) {
            assert.equal(may("s3:PutObject", on), "implicitDeny", on);
            assert.equal(may("s3:GetObject", on), "implicitDeny", on);
        }
        for (const action of ["s3:PutBucketPolicy", "s3:DeleteBucket", "s3:PutBucketVersioning"]) {
            assert.equal(may(action, state), "implicitDeny", action);
        }
        assert.equal(may("s3:DeleteObjectVersion", key("dev")), "implicitDeny");
    });

    it("reads no data of the program", () => {
        const data = [
            ["s3:GetObject", `arn:aws:s3:::quartet-dev-events-${account}/events/x`],
            ["dynamodb:GetItem", arn("dynamodb", "table/quartet-dev-orders")],
            ["sqs:ReceiveMessage", arn("sqs", "quartet-dev-uploads-queue")],
            ["logs:GetLogEvents", arn("logs", "log-group:/aws/lambda/quartet-dev-orders-create:log-stream:x")],
            ["dsql:DbConnectAdmin", arn("dsql", "cluster/abc")],
            ["lambda:InvokeFunction", arn("lambda", "function:quartet-dev-orders-create")],
        ] as const;
        for (const [action, on] of data) {
            assert.equal(may(action, on, tags("ResourceTag", "dev")), "implicitDeny", action);
        }
    });
});
