import type { Declared } from "../support/judge";
import { changed, type Mutation } from "../support/mutation";

const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "arn:aws:iam::222222222222:role/quartet-prod-orders-process-role";
const CLUSTERS = "arn:aws:dsql:eu-west-1:222222222222:cluster/*";

export const mutations: readonly Mutation[] = [
    grants("iam-no-admin-statement", "a function may do everything", { Action: "*", Resource: "*" }),
    grants("iam-no-service-wildcard-action", "a function may do all that S3 does with a bucket", {
        ...{ Action: "s3:*", Resource: "arn:aws:s3:::quartet-prod-uploads-222222222222" },
    }),
    grants("iam-no-wildcard-action-prefix", "a function may put anything on a bucket", {
        ...{ Action: "s3:Put*", Resource: "arn:aws:s3:::quartet-prod-uploads-222222222222" },
    }),
    grants("iam-no-wildcard-resource", "a function may send to all queues", {
        ...{ Action: "sqs:SendMessage", Resource: "*" },
    }),
    grants("iam-no-wildcard-resource-segment", "a function may send to all queues of the stack", {
        ...{ Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:222222222222:quartet-prod-*" },
    }),
    {
        rule: "iam-no-wildcard-resource-segment",
        when: "a function may connect to any database cluster, whatever its tag",
        change: (resources) => eachStatement(resources, "uploads-consult-policy", withoutCondition),
    },
    grants("iam-no-not-action-not-resource", "a function may do all but some actions", {
        ...{ NotAction: ["iam:*", "sts:*"], Resource: "arn:aws:s3:::quartet-prod-uploads-222222222222" },
    }),
    grants("iam-pass-role-scoped", "a function may pass a role to any service", {
        ...{ Action: "iam:PassRole", Resource: ROLE },
    }),
    grants("ecs-run-task-scoped", "a function may run any task", {
        ...{ Action: "ecs:RunTask", Resource: "arn:aws:ecs:eu-west-1:222222222222:task-definition/*" },
    }),
    {
        rule: "ecs-run-task-scoped",
        when: "one policy lets a role run a task and another lets it register what it runs",
        change: (resources) => [
            ...resources,
            addedPolicy("runs", {
                Action: "ecs:RunTask",
                Resource: "arn:aws:ecs:eu-west-1:222222222222:task-definition/quartet-prod-orders-process:*",
                Condition: {
                    ArnEquals: {
                        "ecs:cluster": "arn:aws:ecs:eu-west-1:222222222222:cluster/quartet-prod-orders-process",
                    },
                },
            }),
            addedPolicy("registers", { Action: "ecs:RegisterTaskDefinition", Resource: "*" }),
        ],
    },
    grants("iam-no-permissions-management", "a function may change the policies of all buckets", {
        ...{ Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::*" },
    }),
    grants("iam-no-credentials-exposure", "a function may make access keys", {
        ...{ Action: "iam:CreateAccessKey", Resource: "*" },
    }),
    grants("iam-no-data-exfiltration", "a function may read all secrets", {
        ...{
            Action: "secretsmanager:GetSecretValue",
            Resource: "arn:aws:secretsmanager:eu-west-1:222222222222:secret:*",
        },
    }),
    grants("iam-kms-decrypt-scoped", "a function may decrypt with all keys by way of S3", {
        ...{ Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-west-1:222222222222:key/*" },
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
    }),
    grants("iam-sts-assume-scoped", "a function may assume all roles", {
        ...{ Action: "sts:AssumeRole", Resource: "arn:aws:iam::222222222222:role/*" },
    }),
    grants("dsql-no-admin-connect", "a function may connect as the administrator", {
        ...{ Action: "dsql:DbConnectAdmin", Resource: CLUSTERS },
        Condition: { StringEquals: { "aws:ResourceTag/Name": "quartet-prod-uploads-database" } },
    }),
    {
        rule: "dsql-no-admin-connect",
        when: "a function may connect to any database cluster",
        change: (resources) => eachStatement(resources, "uploads-request-policy", withoutCondition),
    },
];

type Statement = Readonly<Record<string, unknown>>;

/** A function's policy with one more statement that allows something. */
function grants(rule: string, when: string, statement: Statement): Mutation {
    return {
        rule,
        when,
        change: (resources) => {
            const statements = statementsOf(resources, "orders-list-policy");
            return withStatements(resources, "orders-list-policy", [...statements, { Effect: "Allow", ...statement }]);
        },
    };
}

/** The program with all statements of a policy changed. */
function eachStatement(
    resources: readonly Declared[],
    policy: string,
    change: (statement: Statement) => Statement,
): readonly Declared[] {
    return withStatements(resources, policy, statementsOf(resources, policy).map(change));
}

function withoutCondition({ Condition, ...statement }: Statement): Statement {
    return statement;
}

function withStatements(
    resources: readonly Declared[],
    policy: string,
    statements: readonly Statement[],
): readonly Declared[] {
    return changed(resources, ROLE_POLICY, { policy: documentOf(...statements) }, policy);
}

function statementsOf(resources: readonly Declared[], policy: string): readonly Statement[] {
    const { props } = resources.find(({ type, name }) => type === ROLE_POLICY && name === policy)!;
    return (JSON.parse(String(props?.policy)) as { Statement: readonly Statement[] }).Statement;
}

/** One more policy of the role of a function. */
function addedPolicy(name: string, statement: Statement): Declared {
    const policy = documentOf({ Effect: "Allow", ...statement });
    return { type: ROLE_POLICY, name, props: { role: "quartet-prod-orders-create", policy } };
}

function documentOf(...statements: readonly Statement[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
