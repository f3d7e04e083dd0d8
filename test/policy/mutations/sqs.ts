import { changed, type Mutation } from "../support/mutation";

export const mutations: readonly Mutation[] = [
    {
        rule: "sqs-encryption",
        when: "a queue is not encrypted",
        change: (resources) =>
            changed(resources, "aws:sqs/queue:Queue", { sqsManagedSseEnabled: false, kmsMasterKeyId: undefined }),
    },
];
