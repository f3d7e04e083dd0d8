import { document } from "../support/iamRoles";
import { added, changed, type Mutation } from "../support/mutation";
import type { Declared } from "../support/judge";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const allow = (Action: unknown, Resource = "*") => ({ Effect: "Allow", Action, Resource });

/** The resources with another trust policy of the promoter's role. */
const trusting = (resources: readonly Declared[], principal: unknown, more: object = {}) =>
    changed(
        resources,
        ROLE,
        { assumeRolePolicy: JSON.stringify(document({ Effect: "Allow", Principal: principal, ...more })) },
        "uploads-promote-role",
    );

const assume = { Action: "sts:AssumeRole" };

export const mutations: readonly Mutation[] = [
    {
        rule: "iam-no-privilege-escalation",
        when: "a policy lets its role write policies of any role",
        change: (resources) =>
            changed(resources, POLICY, { policy: JSON.stringify(document(allow("iam:PutRolePolicy"))) }),
    },
    {
        rule: "iam-no-privilege-escalation",
        when: "a managed policy gives a role what its own policy lacks for passing roles to new functions",
        change: (resources) => {
            const [{ name, props }] = resources.filter(({ type }) => type === POLICY);
            const own = changed(resources, POLICY, { policy: JSON.stringify(document(allow("iam:PassRole"))) }, name);
            const policy = JSON.stringify(document(allow(["lambda:CreateFunction", "lambda:InvokeFunction"])));
            const arn = "arn:aws:iam::222222222222:policy/added";
            return [
                ...added(own, ATTACHMENT, { role: props!.role, policyArn: arn }),
                { type: "aws:iam/policy:Policy", name: "managed", props: { policy }, outputs: { arn } },
            ];
        },
    },
    ...["service-role/AWSLambdaBasicExecutionRole", "AdministratorAccess"].map((policy, index) => ({
        rule: ["iam-no-aws-managed-policies", "iam-no-admin-managed-policy"][index],
        when: `a role gets the policy ${policy}`,
        change: (resources: readonly Declared[]) =>
            changed(resources, ROLE, { managedPolicyArns: [`arn:aws:iam::aws:policy/${policy}`] }),
    })),
    ...["user:User", "accessKey:AccessKey", "userLoginProfile:UserLoginProfile", "userPolicy:UserPolicy"].map(
        (type) => ({
            rule: "iam-no-users-or-keys",
            when: `a ${type.split(":")[1]} is added`,
            change: (resources: readonly Declared[]) => added(resources, `aws:iam/${type}`, { user: "jo" }),
        }),
    ),
    {
        rule: "iam-policy-document-valid",
        when: "a policy names an action that there is not",
        change: (resources) =>
            changed(resources, POLICY, {
                policy: JSON.stringify(document(allow("s3:ReadObject", "arn:aws:s3:::b/*"))),
            }),
    },
    {
        rule: "iam-policy-document-valid",
        when: "a bucket's policy is of an older version",
        change: (resources) =>
            changed(resources, "aws:s3/bucketPolicy:BucketPolicy", {
                policy: JSON.stringify({ ...document(allow("s3:GetObject")), Version: "2008-10-17" }),
            }),
    },
    {
        rule: "iam-role-policy-conflicts",
        when: "a role has inline policies besides the policy that names it",
        change: (resources) =>
            changed(resources, ROLE, { inlinePolicies: [{ name: "x", policy: "{}" }] }, "uploads-promote-role"),
    },
    {
        rule: "iam-trust-no-wildcard-principal",
        when: "everybody may take a role",
        change: (resources) => trusting(resources, { AWS: "*" }, assume),
    },
    {
        rule: "iam-trust-github-oidc-scoped",
        when: "all repositories of an organization may take a role",
        change: (resources) => {
            const issuer = "token.actions.githubusercontent.com";
            return trusting(
                resources,
                { Federated: `arn:aws:iam::222222222222:oidc-provider/${issuer}` },
                {
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: {
                        StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" },
                        StringLike: { [`${issuer}:sub`]: "repo:acme/*" },
                    },
                },
            );
        },
    },
    {
        rule: "iam-trust-service-confused-deputy",
        when: "the role of the flow logs may be taken for any account",
        change: (resources) =>
            changed(
                resources,
                ROLE,
                {
                    assumeRolePolicy: JSON.stringify(
                        document({ Effect: "Allow", Principal: { Service: "vpc-flow-logs.amazonaws.com" }, ...assume }),
                    ),
                },
                "orders-network-flow-log-role",
            ),
    },
    {
        rule: "iam-trust-cross-account",
        when: "a role of another account may take a role",
        change: (resources) => trusting(resources, { AWS: "arn:aws:iam::333333333333:role/other" }, assume),
    },
    {
        rule: "iam-role-single-service",
        when: "ECS may take the role of a function, too",
        change: (resources) =>
            trusting(resources, { Service: ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"] }, assume),
    },
    {
        rule: "iam-role-single-service",
        when: "two functions have the same role",
        change: (resources) => {
            const [one, other] = resources.filter(({ type }) => type === "aws:lambda/function:Function");
            return changed(resources, one.type, { role: one.props!.role }, other.name);
        },
    },
];
