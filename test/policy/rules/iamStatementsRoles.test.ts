import * as assert from "node:assert/strict";
import { rule as passRole } from "../../../policy/rules/iam/iam-pass-role-scoped";
import { rule as assume } from "../../../policy/rules/iam/iam-sts-assume-scoped";
import { allow, failsClosed, policyOf, refuses, takes } from "../support/iamStatements";
import { judge } from "../support/judge";

const ROLE = "arn:aws:iam::111111111111:role/orders";
const tag = { StringEquals: { "aws:ResourceTag/Name": "orders" } };
const to = (operator: string, value: unknown = "ecs-tasks.amazonaws.com") => ({
    [operator]: { "iam:PassedToService": value },
});

describe("iam-pass-role-scoped", () => {
    takes(passRole, {
        "a named role and service": allow("iam:PassRole", ROLE, to("StringEquals")),
        "named roles and services, in any case": allow("IAM:passrole", [ROLE, `${ROLE}-2`], {
            stringEquals: { "IAM:passedtoservice": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"] },
        }),
        "wildcards in resources that are no roles": allow(
            ["iam:PassRole", "ecs:RunTask"],
            [ROLE, "arn:aws:ecs:eu-west-1:111111111111:task-definition/orders:*"],
            to("StringEquals"),
        ),
        "other actions": allow(["iam:GetRole", "sqs:*"], "*"),
        "all but PassRole": { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
    });

    const on = (element: string) => `allows iam:PassRole on ${element} in statement 1 of policy [iam:PassRole]`;
    const toAny = "allows iam:PassRole to any service in statement 1 of policy [iam:PassedToService]";
    const anyRole = (element: string) => [allow("iam:PassRole", element, to("StringEquals")), on(element)] as const;
    for (const element of [
        ...["*", "arn:aws:iam::*:role/orders", "arn:*:iam::111111111111:role/orders", "arn:aws:iam"],
        ...["role/*", "role/orders-*", "role/app/*", "ro*", "*", "role/${aws:username}", "role/order?"].map(
            (each) => `arn:aws:iam::111111111111:${each}`,
        ),
    ]) {
        refuses(passRole, { [element]: anyRole(element) });
    }

    const anyService = (condition?: unknown) => [allow("iam:PassRole", ROLE, condition), toAny] as const;
    for (const condition of [
        ...[undefined, to("StringEqualsIfExists"), to("ForAllValues:StringEquals"), to("StringNotEquals")],
        ...[
            to("StringLike", "*"),
            to("StringLike", "*.amazonaws.com"),
            to("StringEquals", "*"),
            to("StringEquals", []),
        ],
        ...[{ StringEquals: { "iam:AssociatedResourceArn": "a" } }, { Null: { "iam:PassedToService": "false" } }],
    ]) {
        refuses(passRole, { [`a role with ${JSON.stringify(condition) ?? "no condition"}`]: anyService(condition) });
    }

    refuses(passRole, {
        "a pattern that covers it": [allow("iam:*Role", "*"), on("*"), toAny],
        "all actions": [allow("*", "*"), on("*"), toAny],
        "all but other actions": [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }, on("*"), toAny],
        "all but some resources": [
            { ...allow("iam:PassRole", ROLE, to("StringEquals")), Resource: undefined, NotResource: ROLE },
            on("all but its NotResource"),
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(passRole, policyOf(allow("iam:PassRole", ROLE))), [
            "orders allows iam:PassRole to any service in statement 1 of policy. Name the roles' ARNs in Resource and " +
                "demand iam:PassedToService with StringEquals in a statement of its own. [iam:PassedToService]",
        ]);
    });

    failsClosed(passRole, allow("iam:PassRole", ROLE), "Condition");
});

describe("iam-sts-assume-scoped", () => {
    takes(assume, {
        "a named role": allow("sts:AssumeRole", ROLE),
        "other actions": allow(["sts:GetCallerIdentity", "sts:TagSession"], "*"),
    });

    const on = (element: string) => `allows sts:AssumeRole on ${element} in statement 1 of policy [sts:AssumeRole]`;
    for (const element of [
        "*",
        "arn:aws:iam::*:role/orders",
        "arn:aws:iam::111111111111:role/*",
        "arn:aws:iam::1:r*",
    ]) {
        refuses(assume, { [element]: [allow("STS:assume*", element, tag), on(element)] });
    }
    refuses(assume, {
        "all but other actions": [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }, on("*")],
        "all but a role": [
            { Effect: "Allow", Action: "sts:AssumeRole", NotResource: ROLE },
            on("all but its NotResource"),
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(assume, policyOf(allow("sts:*", "*"))), [
            "orders allows sts:AssumeRole on * in statement 1 of policy. " +
                "Name the roles' ARNs in the statement's Resource. [sts:AssumeRole]",
        ]);
    });

    failsClosed(assume, allow("sts:AssumeRole", "*"), "Resource");
});
