import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Encryption } from "./encryption";
import { stackNames } from "./names";
import type { Statement } from "./policy";

/** Arguments for {@link DsqlDatabase}. */
export interface DsqlDatabaseArgs {
    readonly encryption: Encryption;
    /**
     * Guards the cluster against deletion, by AWS and by Pulumi.
     *
     * @default true
     */
    readonly protectData?: boolean;
}

/** A PostgreSQL database without servers: a cluster of Aurora DSQL, which is reached by TLS with IAM tokens for passwords, from anywhere. */
export class DsqlDatabase extends pulumi.ComponentResource {
    /** `<host>:<port>` */
    public readonly address: pulumi.Output<string>;
    public readonly cluster: aws.dsql.Cluster;

    private readonly names = stackNames();

    constructor(
        private readonly name: string,
        { encryption, protectData = true }: DsqlDatabaseArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:support:DsqlDatabase", name, {}, opts);
        if (encryption.keyArn) {
            encryption.allowDsqlClusters();
        }
        this.cluster = new aws.dsql.Cluster(
            `${name}-cluster`,
            {
                deletionProtectionEnabled: protectData,
                forceDestroy: !protectData,
                kmsEncryptionKey: encryption.keyArn ?? "AWS_OWNED_KMS_KEY",
                tags: { Name: this.names.physical(name) },
            },
            { parent: this, protect: protectData },
        );
        this.address = pulumi.interpolate`${this.cluster.identifier}.dsql.${this.names.region}.on.aws:5432`;
        this.registerOutputs({ address: this.address });
    }

    /**
     * Allows a role to connect. The cluster's id is made by AWS, so that its own tag stands for it: no other cluster bears it.
     *
     * @param action `dsql:DbConnect` for a database role that is mapped to the IAM role, `dsql:DbConnectAdmin` for `admin`.
     */
    allowConnect(action: "dsql:DbConnect" | "dsql:DbConnectAdmin"): Statement {
        return {
            Sid: "ConnectToDatabase",
            Effect: "Allow",
            Action: action,
            Resource: this.names.arn("dsql", "cluster/*"),
            Condition: { StringEquals: { "aws:ResourceTag/Name": this.names.physical(this.name) } },
        };
    }
}
