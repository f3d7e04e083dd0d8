import { changed, type Mutation } from "../support/mutation";

const CLUSTER = "aws:dsql/cluster:Cluster";

export const mutations: readonly Mutation[] = [
    {
        rule: "dsql-protected",
        when: "the cluster can be deleted",
        change: (resources) => changed(resources, CLUSTER, { deletionProtectionEnabled: false }),
    },
    {
        rule: "dsql-protected",
        when: "the cluster is deleted with its stack",
        change: (resources) => changed(resources, CLUSTER, { forceDestroy: true }),
    },
    {
        rule: "dsql-protected",
        when: "AWS's own key encrypts the cluster",
        change: (resources) => changed(resources, CLUSTER, { kmsEncryptionKey: "AWS_OWNED_KMS_KEY" }),
    },
];
