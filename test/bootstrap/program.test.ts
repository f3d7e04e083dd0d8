import * as assert from "node:assert/strict";
import { readProject } from "../../plan/project";
import type { Plan, PlannedResource } from "../../plan/types";
import { planOf, projectFolder, resourcesOfType, statements } from "../support/plans";
import { bootstrapPlan, region } from "./support/bootstrapPlan";
import { coveredTypes } from "./support/coveredTypes";
import { policyVerdicts, roleVerdicts } from "./support/verdicts";

/** What makes, or changes, a resource of a type whose ARN tells its name. */
const ACTIONS: Readonly<Record<string, string>> = {
    "aws:cloudwatch/dashboard:Dashboard": "cloudwatch:PutDashboard",
    "aws:cloudwatch/eventRule:EventRule": "events:PutRule",
    "aws:cloudwatch/logGroup:LogGroup": "logs:CreateLogGroup",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:PutMetricAlarm",
    "aws:dynamodb/table:Table": "dynamodb:CreateTable",
    "aws:ecr/repository:Repository": "ecr:CreateRepository",
    "aws:ecs/cluster:Cluster": "ecs:CreateCluster",
    "aws:ecs/service:Service": "ecs:CreateService",
    "aws:ecs/taskDefinition:TaskDefinition": "ecs:RegisterTaskDefinition",
    "aws:iam/role:Role": "iam:CreateRole",
    "aws:kms/alias:Alias": "kms:CreateAlias",
    "aws:lambda/function:Function": "lambda:CreateFunction",
    "aws:s3/bucket:Bucket": "s3:CreateBucket",
    "aws:sns/topic:Topic": "sns:CreateTopic",
    "aws:sqs/queue:Queue": "sqs:CreateQueue",
};

for (const stack of ["dev", "prod"] as const) {
    describe(`the bootstrap, for the program's stack ${stack}`, () => {
        let program: Plan;
        let bootstrap: Plan;
        before(async () => {
            program = await planOf(stack);
            bootstrap = await bootstrapPlan("main", {
                "aws:allowedAccountIds": [program.account],
                "quartet-bootstrap:environments": [stack],
            });
        });

        it("knows each type of resource that the program declares", () => {
            const known = new Set(coveredTypes());
            const declared = program.resources.filter(({ custom, remote }) => custom || remote);

            const unknown = declared.map(({ type }) => type).filter((type) => !known.has(type));

            assert.deepEqual([...new Set(unknown)], [], "add them to a service in bootstrap/access/");
        });

        it("lets a deployment make each resource whose name the program chooses", () => {
            const may = roleVerdicts(bootstrap, `deploy-${stack}`);
            const context = {
                "iam:PermissionsBoundary": `arn:aws:iam::${program.account}:policy/quartet-bootstrap-main-boundary-${stack}`,
            };
            const asked = program.resources.filter(({ type }) => type in ACTIONS);

            const refused = asked.filter((each) => may(ACTIONS[each.type], arnOf(each, program), context) !== "allow");

            assert.ok(asked.length > 100, `${asked.length} resources were asked about`);
            assert.deepEqual(
                refused.map(({ name }) => name),
                [],
            );
        });

        it("lets each role of the program do what its own policy says, within the boundary", () => {
            const may = policyVerdicts(bootstrap, `boundary-${stack}`);
            const own = { "aws:ResourceTag/project": "quartet", "aws:ResourceTag/env": stack };
            const asked = resourcesOfType(program, "aws:iam/rolePolicy:RolePolicy").flatMap(({ name, inputs }) =>
                (statements(inputs.policy) as any[]).flatMap(({ Action, Resource, Condition }) =>
                    [Action].flat().flatMap((action: string) =>
                        [Resource].flat().map((element: string) => ({
                            ...{ name, action, resource: element.replaceAll("*", "x") },
                            context: { ...Condition?.StringEquals, ...own },
                        })),
                    ),
                ),
            );

            const refused = asked.filter(({ action, resource, context }) => may(action, resource, context) !== "allow");

            assert.ok(asked.length > 50);
            assert.deepEqual(refused, []);
        });

        it("lets its customer key be used by the program's roles, within the boundary", () => {
            const may = policyVerdicts(bootstrap, `boundary-${stack}`);
            const own = { "aws:ResourceTag/project": "quartet", "aws:ResourceTag/env": stack };
            const actions = resourcesOfType(program, "aws:kms/key:Key")
                .flatMap(({ inputs }) => statements(inputs.policy) as any[])
                .filter(({ Principal }) => /:role\//.test(Principal.AWS ?? ""))
                .flatMap(({ Action }) => Action as string[]);

            for (const action of new Set(actions)) {
                const key = `arn:aws:kms:${region}:${program.account}:key/1`;
                assert.equal(may(action, key, own), "allow", action);
            }
            assert.equal(actions.length > 0, stack === "prod");
        });

        it("tells the stack's things by the tags that its config gives everything", () => {
            const { config } = readProject(projectFolder, stack);

            const { tags } = config["aws:defaultTags"] as { tags: Record<string, string> };
            assert.deepEqual([tags.project, tags.env], [program.project, stack]);
        });
    });
}

/** As AWS has it: plans have only ids and names where nothing reads the ARN. */
function arnOf({ type, inputs, outputs }: PlannedResource, { region: here, account: own }: Plan): string {
    switch (type) {
        case "aws:cloudwatch/dashboard:Dashboard":
            return `arn:aws:cloudwatch::${own}:dashboard/${inputs.dashboardName}`;
        case "aws:kms/alias:Alias":
            return `arn:aws:kms:${here}:${own}:${inputs.name}`;
        default:
            return String(outputs.arn);
    }
}
