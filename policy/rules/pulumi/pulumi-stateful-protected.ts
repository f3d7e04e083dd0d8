import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "pulumi-stateful-protected",
    title: "Resources with data are protected from deletion by Pulumi.",
    why: "A renamed resource, a wrong stack or a hasty destroy deletes data that no deployment brings back.",
    mend: "Set the resource option protect.",
    sources: ["Pulumi pulumi/docs#3119", "quartet"],
    severity: "high",
    levels: { dev: "disabled", prod: "mandatory" },
    types: [
        "aws:dynamodb/table:Table",
        "aws:dynamodb/globalTable:GlobalTable",
        "aws:dsql/cluster:Cluster",
        "aws:rds/cluster:Cluster",
        "aws:rds/globalCluster:GlobalCluster",
        "aws:rds/instance:Instance",
        "aws:docdb/cluster:Cluster",
        "aws:neptune/cluster:Cluster",
        "aws:redshift/cluster:Cluster",
        "aws:opensearch/domain:Domain",
        "aws:efs/fileSystem:FileSystem",
        "aws:s3/bucket:Bucket",
        "aws:s3/directoryBucket:DirectoryBucket",
        "aws:cognito/userPool:UserPool",
        "aws:kms/key:Key",
        "aws:kms/externalKey:ExternalKey",
        "aws:kms/replicaKey:ReplicaKey",
        "aws:secretsmanager/secret:Secret",
    ],
    *check({ options }) {
        if (!options.protect) {
            yield { fault: "is not protected" };
        }
    },
};
