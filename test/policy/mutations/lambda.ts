import { added, changed, type Mutation } from "../support/mutation";

const FUNCTION = "aws:lambda/function:Function";

export const mutations: readonly Mutation[] = [
    {
        rule: "lambda-permission-source",
        when: "a permission names no source",
        change: (resources) => changed(resources, "aws:lambda/permission:Permission", { sourceArn: undefined }),
    },
    {
        rule: "lambda-permission-source",
        when: "everybody may invoke a function",
        stack: "dev",
        change: (resources) => changed(resources, "aws:lambda/permission:Permission", { principal: "*" }),
    },
    {
        rule: "lambda-function-url-auth",
        when: "an open function URL is added",
        change: (resources) => added(resources, "aws:lambda/functionUrl:FunctionUrl", { authorizationType: "NONE" }),
    },
    {
        rule: "lambda-env-no-secrets",
        when: "a function gets a password",
        change: (resources) =>
            changed(resources, FUNCTION, { environment: { variables: { DB_PASSWORD: "hunter2hunter2" } } }),
    },
    {
        rule: "lambda-supported-runtime",
        when: "a function runs on Node.js 18",
        change: (resources) => changed(resources, FUNCTION, { runtime: "nodejs18.x" }),
    },
    {
        rule: "lambda-log-group-managed",
        when: "a function writes into a log group of Lambda's",
        change: (resources) => changed(resources, FUNCTION, { loggingConfig: { logGroup: "/elsewhere" } }),
    },
    {
        rule: "lambda-sqs-event-source",
        when: "a mapping repeats whole batches",
        change: (resources) =>
            changed(resources, "aws:lambda/eventSourceMapping:EventSourceMapping", {
                functionResponseTypes: undefined,
            }),
    },
    {
        rule: "lambda-sqs-event-source",
        when: "a mapping collects messages longer than its queue hides them",
        change: (resources) =>
            changed(resources, "aws:lambda/eventSourceMapping:EventSourceMapping", {
                maximumBatchingWindowInSeconds: 300,
            }),
    },
    {
        rule: "lambda-vpc-multi-az",
        when: "a function runs in one subnet",
        change: (resources) => changed(resources, FUNCTION, { vpcConfig: { subnetIds: ["subnet-a"] } }),
    },
];
