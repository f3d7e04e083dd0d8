import type { Declared } from "../support/judge";
import { added, type Mutation } from "../support/mutation";

/** A database that all rules take, but for what is changed. `undefined` takes a property away. */
function withInstance(props: Readonly<Record<string, unknown>>): Mutation["change"] {
    const all = { ...SOUND, ...props };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return (resources) => added(resources, "aws:rds/instance:Instance", given);
}

const SOUND = {
    engine: "postgres",
    engineVersion: "16.3",
    instanceClass: "db.t4g.micro",
    allocatedStorage: 20,
    username: "owner",
    port: 6432,
    manageMasterUserPassword: true,
    storageEncrypted: true,
    kmsKeyId: "arn:aws:kms:eu-west-1:222222222222:key/1",
    iamDatabaseAuthenticationEnabled: true,
    deletionProtection: true,
    finalSnapshotIdentifier: "last",
    backupRetentionPeriod: 7,
    multiAz: true,
    enabledCloudwatchLogsExports: ["postgresql"],
};

/** A subnet group in a subnet that has a route to the internet. */
const PUBLIC_SUBNET: readonly Declared[] = [
    { type: "aws:rds/subnetGroup:SubnetGroup", name: "databases", props: { subnetIds: ["subnet-1"] } },
    { type: "aws:ec2/subnet:Subnet", name: "public", props: { vpcId: "vpc-1" }, outputs: { id: "subnet-1" } },
    {
        type: "aws:ec2/routeTable:RouteTable",
        name: "out",
        props: { vpcId: "vpc-1", routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] },
        outputs: { id: "rtb-1" },
    },
    {
        type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
        name: "public-out",
        props: { subnetId: "subnet-1", routeTableId: "rtb-1" },
    },
];

export const mutations: readonly Mutation[] = [
    {
        rule: "rds-storage-encrypted",
        when: "a database is added that is not encrypted",
        change: withInstance({ storageEncrypted: undefined, kmsKeyId: undefined }),
    },
    {
        rule: "rds-storage-encrypted",
        when: "a database is added that AWS's own key encrypts",
        change: withInstance({ kmsKeyId: undefined }),
    },
    {
        rule: "rds-not-public",
        when: "a database is added with a public address",
        change: withInstance({ publiclyAccessible: true }),
    },
    {
        rule: "rds-not-public",
        when: "databases get a subnet with a route to the internet",
        change: (resources) => [...resources, ...PUBLIC_SUBNET],
    },
    {
        rule: "rds-force-ssl",
        when: "a database is added whose default is to accept connections without TLS",
        change: withInstance({ engineVersion: "14.12" }),
    },
    {
        rule: "rds-force-ssl",
        when: "a parameter group is added that lets clients connect without TLS",
        stack: "dev",
        change: (resources) =>
            added(resources, "aws:rds/parameterGroup:ParameterGroup", {
                family: "postgres16",
                parameters: [{ name: "rds.force_ssl", value: "0" }],
            }),
    },
    {
        rule: "rds-managed-master-password",
        when: "a database is added with a password of the program's",
        change: withInstance({ manageMasterUserPassword: undefined, password: "correct horse" }),
    },
    {
        rule: "rds-iam-auth",
        when: "a database is added that takes passwords alone",
        change: withInstance({ iamDatabaseAuthenticationEnabled: undefined }),
    },
    {
        rule: "rds-deletion-protection",
        when: "a database is added that can be deleted",
        change: withInstance({ deletionProtection: undefined }),
    },
    {
        rule: "rds-deletion-protection",
        when: "a database is added that leaves no snapshot",
        change: withInstance({ skipFinalSnapshot: true, finalSnapshotIdentifier: undefined }),
    },
    {
        rule: "rds-backup-retention",
        when: "a database is added whose backups are deleted after a day",
        change: withInstance({ backupRetentionPeriod: 1 }),
    },
    {
        rule: "rds-multi-az",
        when: "a database is added without a standby",
        change: withInstance({ multiAz: undefined }),
    },
    {
        rule: "rds-log-exports",
        when: "a database is added that keeps its logs to itself",
        change: withInstance({ enabledCloudwatchLogsExports: undefined }),
    },
    {
        rule: "rds-minor-upgrade",
        when: "a database is added that is never upgraded",
        change: withInstance({ autoMinorVersionUpgrade: false }),
    },
];
