import { added, type Mutation } from "../support/mutation";

const FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

// The program uses none of these services yet.
export const mutations: readonly Mutation[] = [
    {
        rule: "firehose-sse",
        when: "a stream of Firehose is not encrypted",
        change: (resources) => added(resources, FIREHOSE, { destination: "extended_s3" }),
    },
    {
        rule: "firehose-sse",
        when: "a stream of Firehose is encrypted by AWS's key",
        change: (resources) => added(resources, FIREHOSE, { serverSideEncryption: { enabled: true } }),
    },
    {
        rule: "firehose-s3-cmk",
        when: "a stream of Firehose writes to S3 without a key",
        change: (resources) =>
            added(resources, FIREHOSE, {
                extendedS3Configuration: { cloudwatchLoggingOptions: { enabled: true, logGroupName: "firehose" } },
            }),
    },
    {
        rule: "glue-security-configuration",
        when: "a crawler of the events has no security configuration",
        change: (resources) => added(resources, "aws:glue/crawler:Crawler", { databaseName: "quartet_prod_events" }),
    },
    {
        rule: "glue-catalog-encryption",
        when: "the Glue catalog is not encrypted",
        change: (resources) =>
            added(resources, "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings", {
                dataCatalogEncryptionSettings: {
                    encryptionAtRest: { catalogEncryptionMode: "DISABLED" },
                    connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true },
                },
            }),
    },
    {
        rule: "athena-workgroup-encrypted",
        when: "a workgroup for the events keeps plain results",
        stack: "dev",
        change: (resources) => added(resources, "aws:athena/workgroup:Workgroup", { name: "events" }),
    },
];
