import { changed, type Mutation } from "../support/mutation";

const changedTable =
    (props: Readonly<Record<string, unknown>>): Mutation["change"] =>
    (resources) =>
        changed(resources, "aws:dynamodb/table:Table", props);

export const mutations: readonly Mutation[] = [
    {
        rule: "dynamodb-pitr",
        when: "the table of orders can't be restored",
        change: changedTable({ pointInTimeRecovery: { enabled: false } }),
    },
    {
        rule: "dynamodb-cmk",
        when: "the table of orders is encrypted with AWS's key",
        change: changedTable({ serverSideEncryption: { enabled: true } }),
    },
    {
        rule: "dynamodb-cmk",
        when: "the table of orders has a replica without a key",
        change: changedTable({ replicas: [{ regionName: "eu-central-1" }] }),
    },
    {
        rule: "dynamodb-deletion-protection",
        when: "the table of orders may be deleted",
        change: changedTable({ deletionProtectionEnabled: undefined }),
    },
];
