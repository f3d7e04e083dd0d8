import { document } from "../support/iamRoles";
import { changed, type Mutation } from "../support/mutation";
import type { Declared } from "../support/judge";

const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const KEY = "aws:kms/key:Key";

/** The resources with one more statement in the policy of one of them. */
function extended(resources: readonly Declared[], type: string, statement: object, name?: string): readonly Declared[] {
    const found = resources.find((each) => each.type === type && (name ?? each.name) === each.name);
    const property = (found?.props?.policy ?? "") as string;
    const { Statement } = JSON.parse(property) as { Statement: readonly unknown[] };
    const policy = JSON.stringify(document(...Statement, { Effect: "Allow", ...statement }));
    return changed(resources, type, { policy }, found?.name);
}

const send = { Action: "sqs:SendMessage", Resource: "*" };
const service = { Service: "sns.amazonaws.com" };

export const mutations: readonly Mutation[] = [
    {
        rule: "resource-policy-no-public-principal",
        when: "everybody may read a bucket",
        change: (resources) =>
            extended(resources, BUCKET_POLICY, { Principal: "*", Action: "s3:GetObject", Resource: "*" }),
    },
    {
        rule: "resource-policy-no-public-principal",
        when: "everybody who signs may report a status",
        change: (resources) => {
            const type = "aws:apigateway/restApi:RestApi";
            const { props } = resources.find((each) => each.type === type && each.name === "uploads-api-rest")!;
            const statement = {
                Effect: "Allow",
                Principal: "*",
                Action: "execute-api:Invoke",
                Resource: "execute-api:/*",
            };
            const api = JSON.parse(props!.body as string) as object;
            const body = JSON.stringify({ ...api, "x-amazon-apigateway-policy": document(statement) });
            return changed(resources, type, { body }, "uploads-api-rest");
        },
    },
    {
        rule: "resource-policy-no-public-principal",
        when: "an endpoint lets everybody reach all tables",
        change: (resources) =>
            extended(
                resources,
                "aws:ec2/vpcEndpoint:VpcEndpoint",
                { Principal: "*", Action: "dynamodb:GetItem", Resource: "*" },
                "orders-network-dynamodb",
            ),
    },
    {
        rule: "resource-policy-no-wildcard-action",
        when: "a queue's policy allows all that there is",
        change: (resources) => extended(resources, QUEUE_POLICY, { ...send, Principal: service, Action: "sqs:*" }),
    },
    {
        rule: "resource-policy-service-principal-source",
        when: "SNS may send messages to a queue for any account",
        change: (resources) => extended(resources, QUEUE_POLICY, { ...send, Principal: service }),
    },
    {
        rule: "resource-policy-no-not-principal",
        when: "all but one account may send messages to a queue",
        change: (resources) => extended(resources, QUEUE_POLICY, { ...send, NotPrincipal: { AWS: "333333333333" } }),
    },
    {
        rule: "resource-policy-cross-account",
        when: "another account may send messages to a queue",
        change: (resources) => extended(resources, QUEUE_POLICY, { ...send, Principal: { AWS: "333333333333" } }),
    },
    {
        rule: "kms-key-policy-scoped",
        when: "everybody may decrypt with the key by way of S3",
        change: (resources) =>
            extended(resources, KEY, {
                ...{ Principal: "*", Action: "kms:Decrypt", Resource: "*" },
                Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
            }),
    },
    {
        rule: "kms-key-policy-scoped",
        when: "the key has no policy",
        change: (resources) => changed(resources, KEY, { policy: undefined }),
    },
    {
        rule: "kms-key-policy-scoped",
        when: "the key's policy may lock out the account",
        change: (resources) => changed(resources, KEY, { bypassPolicyLockoutSafetyCheck: true }),
    },
];
