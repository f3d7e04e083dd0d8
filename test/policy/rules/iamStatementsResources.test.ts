import * as assert from "node:assert/strict";
import { rule as wildcard } from "../../../policy/rules/iam/iam-no-wildcard-resource";
import { rule as segment } from "../../../policy/rules/iam/iam-no-wildcard-resource-segment";
import { toPolicies } from "../../../policy/support/toPolicies";
import { allow, failsClosed, policyOf, refuses, takes } from "../support/iamStatements";
import { analyze, judge } from "../support/judge";

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
const tagged = (operator: string, value: unknown = "orders") => ({ [operator]: { "aws:ResourceTag/Name": value } });

describe("iam-no-wildcard-resource", () => {
    takes(wildcard, {
        "a named resource": allow("dynamodb:PutItem", arn("dynamodb", "table/orders")),
        "part of an id, which another rule is about": allow("dynamodb:PutItem", arn("dynamodb", "table/orders-*")),
        "what lies in a bucket": allow("s3:GetObject", "arn:aws:s3:::orders/*"),
        "actions for which AWS knows no resources": allow(
            ["xray:PutTraceSegments", "ecr:GetAuthorizationToken", "LOGS:describeloggroups", "ec2:DescribeSub*"],
            "*",
        ),
        "metrics, of which a program rarely knows the resource": allow("cloudwatch:PutMetricData", "*"),
        "a literal tag": allow("dsql:DbConnect", "*", tagged("StringEquals")),
        "one of some literal tags": allow("dsql:DbConnect", arn("dsql", "cluster/*"), tagged("StringLike", ["a", "b"])),
        "a tag by the key of a service": allow("ecs:StopTask", "*", { StringEquals: { "ecs:ResourceTag/Name": "a" } }),
        "a literal alias of a key": allow("kms:Sign", arn("kms", "key/*"), {
            "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/orders" },
        }),
        "a literal cluster": allow("ecs:StopTask", "*", { ArnEquals: { "ECS:Cluster": arn("ecs", "cluster/orders") } }),
        "a route of an API whose id is not known yet": allow(
            "execute-api:Invoke",
            arn("execute-api", "*/dev/POST/orders"),
        ),
        "an ARN without an id of another service's": allow("sqs:SendMessage", [arn("sqs", "orders"), "arn:aws:s3:::*"]),
    });

    const found = (what: string, on: string, finding: string) =>
        `allows ${what} on ${on} in statement 1 of policy [${finding}]`;
    const put = (on: string) => found("dynamodb:PutItem", on, "dynamodb:PutItem");
    const refused = (resource: string, condition?: unknown) =>
        [allow("dynamodb:PutItem", resource, condition), put(resource)] as const;

    for (const resource of [
        ...["*", "**", "arn:*", "arn:aws:dynamodb", "arn:aws:dynamodb:*:*:*", "arn:aws:*:*:*:*"],
        ...["*", "t*", "table/*", "table/?*", "table/*/index/*", "table*", "*/*"].map((each) => arn("dynamodb", each)),
    ]) {
        refuses(wildcard, { [resource]: refused(resource) });
    }

    for (const condition of [
        ...[tagged("StringEqualsIfExists"), tagged("ForAllValues:StringEquals"), tagged("StringNotEquals")],
        ...[
            tagged("StringLike", "ord*"),
            tagged("StringEquals", "${aws:PrincipalTag/Name}"),
            tagged("StringEquals", []),
        ],
        { StringLike: { "aws:ResourceTag/Name": ["orders", "*"] } },
        { Null: { "aws:ResourceTag/Name": "false" } },
        { StringEquals: { "aws:ResourceAccount": "111111111111" } },
        { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
        { StringEquals: { "aws:PrincipalTag/Name": "orders" } },
        { ArnLike: { "ecs:cluster": arn("ecs", "cluster/*") } },
    ]) {
        refuses(wildcard, { [`${JSON.stringify(condition)}, which narrows nothing`]: refused("*", condition) });
    }

    refuses(wildcard, {
        "each action that has resources": [
            allow(["s3:GetObject", "xray:PutTraceSegments", "S3:putobject"], "*"),
            found("s3:GetObject", "*", "s3:GetObject"),
            found("S3:putobject", "*", "S3:putobject"),
        ],
        "patterns by what they cover": [
            allow(["sqs:Send*", "*"], "*"),
            found("sqs:Send* (such as sqs:SendMessage)", "*", "sqs:Send*"),
            found("*", "*", "*"),
        ],
        "all actions on all buckets": [allow("*", "arn:aws:s3:::*"), found("*", "arn:aws:s3:::*", "*")],
        "an action that AWS does not list": [
            allow("sqs:SendMesage", "*"),
            found("sqs:SendMesage", "*", "sqs:SendMesage"),
        ],
        "objects of all buckets": [
            allow(["s3:GetObject", "sqs:SendMessage"], "arn:aws:s3:::*/uploads/*"),
            found("s3:GetObject", "arn:aws:s3:::*/uploads/*", "s3:GetObject"),
        ],
        "all routes of an API's stage": [
            allow("execute-api:Invoke", arn("execute-api", "*/dev/POST/*")),
            found("execute-api:Invoke", arn("execute-api", "*/dev/POST/*"), "execute-api:Invoke"),
        ],
        "all roles, which another service's action is about": [
            allow("sts:AssumeRole", "arn:aws:iam::111111111111:role/*"),
            found("sts:AssumeRole", "arn:aws:iam::111111111111:role/*", "sts:AssumeRole"),
        ],
        "all but some resources": [
            { Effect: "Allow", Action: "sqs:SendMessage", NotResource: arn("sqs", "orders") },
            found("sqs:SendMessage", "all but its NotResource", "sqs:SendMessage"),
        ],
        "all but some actions": [
            { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
            found("all but its NotAction", "*", "NotAction"),
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(wildcard, policyOf(allow("sqs:SendMessage", "*"))), [
            "orders allows sqs:SendMessage on * in statement 1 of policy. Name ARNs in the statement's Resource, " +
                "or the resources by a condition such as aws:ResourceTag. [sqs:SendMessage]",
        ]);
    });

    it("leaves to a team which actions may be allowed on all resources", async () => {
        const [policy] = toPolicies([wildcard], "prod");
        const messages: string[] = [];
        const { type, name, props } = policyOf(allow(["SQS:sendmessage", "cloudwatch:PutMetricData"], "*"));
        const args = {
            type,
            name,
            props,
            urn: "",
            opts: {},
            getConfig: () => ({ wholeAccountActions: ["sqs:SendMessage"] }),
        };
        const validate = (policy as unknown as { validateResource(args: object, report: unknown): Promise<void> })
            .validateResource;

        await validate(args, (message: string) => messages.push(message));

        assert.deepEqual(
            messages.map((message) => /\[.*\]$/.exec(message)?.[0]),
            ["[cloudwatch:PutMetricData]"],
        );
    });

    failsClosed(wildcard, allow("sqs:SendMessage", "*"), "Resource");

    it("does not take a condition that is known only after a deployment for one that narrows", async () => {
        const Statement = { ...allow("sqs:SendMessage", "*"), Condition: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
        const [message] = await judge(wildcard, { ...policyOf(), props: { policy: { Statement } } });

        assert.match(message, /^orders could not be judged, since policy\.Statement\.Condition is known only after/);
    });
});

describe("iam-no-wildcard-resource-segment", () => {
    for (const resource of [
        "*",
        ...["arn:aws:s3:::orders", "arn:aws:s3:::orders/*", "arn:aws:s3:::orders/a*/b?"],
        ...["table/orders", "table/orders/index/*"].map((each) => arn("dynamodb", each)),
        ...["log-group:/aws/lambda/orders:*", "log-group:/aws/lambda/orders:log-stream:*"].map((each) =>
            arn("logs", each),
        ),
        ...["task-definition/orders:*", "task/orders/*", "service/orders/*"].map((each) => arn("ecs", each)),
        ...["function:orders", "function:orders:*"].map((each) => arn("lambda", each)),
        ...["secret:orders-??????", "secret:team/orders-??????"].map((each) => arn("secretsmanager", each)),
        ...[arn("glue", "table/events/*"), arn("execute-api", "abc/dev/*"), arn("wafv2", "regional/webacl/orders/*")],
        ...["arn:aws:apigateway:eu-west-1::/restapis/abc/*", "arn:aws:iam::111111111111:role/app/orders"],
        ...[arn("execute-api", "*/dev/POST/orders"), arn("execute-api", "*/$default/GET/")],
        ...["arn:aws-cn:s3:::orders/*", "arn:aws:s3:::orders-${aws:userid}"],
    ]) {
        takes(segment, { [resource]: allow("sqs:SendMessage", resource) });
    }

    takes(segment, {
        "an id that AWS generates, with a literal tag": allow(
            "dsql:*",
            arn("dsql", "cluster/*"),
            tagged("StringEquals"),
        ),
        "a key with a literal alias": allow("kms:Sign", arn("kms", "key/*"), {
            "ForAnyValue:StringEquals": { "kms:ResourceAliases": ["alias/orders"] },
        }),
        "what lies in something with a literal tag": allow(
            "apigateway:GET",
            "arn:aws:apigateway:eu-west-1::/restapis/*/stages/dev",
            tagged("StringEquals"),
        ),
    });

    const cases: ReadonlyArray<readonly [string, string, unknown?]> = [
        ["arn:aws:s3:::*", "s3:*"],
        ["arn:aws:s3:::orders-*/*", "s3:orders-*/*"],
        ["arn:aws:s3:::order?", "s3:order?"],
        [arn("dynamodb", "table/*"), "dynamodb:table/*"],
        [arn("dynamodb", "table/orders*"), "dynamodb:table/orders*"],
        [arn("dynamodb", "tab*"), "dynamodb:tab*"],
        [arn("logs", "log-group:/aws/lambda/*"), "logs:log-group:/aws/lambda/*"],
        [arn("logs", "log-group:/aws/lambda/*:*"), "logs:log-group:/aws/lambda/*:*"],
        [arn("lambda", "function:orders*"), "lambda:function:orders*"],
        [arn("ecs", "task-definition/*:1"), "ecs:task-definition/*:1"],
        [arn("secretsmanager", "secret:orders-*"), "secretsmanager:secret:orders-*"],
        [arn("secretsmanager", "secret:orders-?????"), "secretsmanager:secret:orders-?????"],
        [arn("wafv2", "regional/webacl/*"), "wafv2:regional/webacl/*"],
        [arn("ssm", "parameter/orders/*"), "ssm:parameter/orders/*"],
        ["arn:aws:iam::111111111111:role/app/*", "iam:role/app/*"],
        ["arn:aws:sqs:eu-west-1:*:orders", "sqs:orders"],
        ["arn:aws:sqs:*:111111111111:orders", "sqs:orders"],
        ["arn:*:s3:::orders", "s3:orders"],
        ["arn:aws:s*:::orders", "s*:orders"],
        ["arn:aws:sqs:eu-west-1:1111*", "arn:aws:sqs:eu-west-1:1111*"],
        [arn("nothing", "thing/*"), "nothing:thing/*"],
        ["orders-*", "orders-*"],
        [arn("execute-api", "*/*/POST/orders"), "execute-api:*/*/POST/orders"],
        [arn("execute-api", "*/dev/*/orders"), "execute-api:*/dev/*/orders"],
        [arn("execute-api", "*/dev/POST/orders/*"), "execute-api:*/dev/POST/orders/*"],
        [arn("execute-api", "*/dev/POST"), "execute-api:*/dev/POST"],
        ["arn:aws:execute-api:*:111111111111:*/dev/POST/orders", "execute-api:*/dev/POST/orders"],
        [arn("execute-api", "a*/dev/POST/orders"), "execute-api:a*/dev/POST/orders"],
        [arn("dsql", "cluster/*"), "dsql:cluster/*"],
        [arn("dsql", "cluster/a*"), "dsql:cluster/a*", tagged("StringEquals")],
        ["arn:aws:dsql:eu-west-1:*:cluster/*", "dsql:cluster/*", tagged("StringEquals")],
        [arn("dynamodb", "table/*"), "dynamodb:table/*", tagged("StringEquals")],
        [arn("secretsmanager", "secret:*"), "secretsmanager:secret:*", tagged("StringEquals")],
        ...[
            ...[tagged("StringEqualsIfExists"), tagged("ForAllValues:StringEquals"), tagged("StringLike")],
            ...[
                tagged("StringEquals", ["a", "b"]),
                tagged("StringEquals", "*"),
                tagged("StringEquals", "${aws:userid}"),
            ],
            ...[{ StringEquals: { "aws:PrincipalTag/Name": "orders" } }, { StringEquals: { "aws:TagKeys": "Name" } }],
        ].map((condition) => [arn("dsql", "cluster/*"), "dsql:cluster/*", condition] as const),
        [arn("kms", "key/*"), "kms:key/*", { StringEquals: { "kms:RequestAlias": "alias/orders" } }],
        [arn("kms", "key/*"), "kms:key/*", { "ForAllValues:StringEquals": { "kms:ResourceAliases": "alias/orders" } }],
    ];
    for (const [resource, finding, condition] of cases) {
        refuses(segment, {
            [`${resource}${condition ? ` with ${JSON.stringify(condition)}` : ""}`]: [
                allow("sqs:SendMessage", resource, condition),
                `allows actions on ${resource} in statement 1 of policy [${finding}]`,
            ],
        });
    }

    it("says what to do, and only advises on dev", async () => {
        const [found] = await analyze([segment], policyOf(allow("s3:ListBucket", "arn:aws:s3:::orders-*")), "dev");

        assert.equal(
            found.message,
            "orders allows actions on arn:aws:s3:::orders-* in statement 1 of policy. Write the ARN up to the end of its id; " +
                "where AWS generates the id, demand a literal aws:ResourceTag or kms:ResourceAliases with StringEquals. " +
                "[s3:orders-*]",
        );
        assert.equal(found.level, "advisory");
    });

    failsClosed(segment, allow("s3:ListBucket", "arn:aws:s3:::*"), "Resource");
});
