import * as assert from "node:assert/strict";
import { rule as workgroup } from "../../../policy/rules/athena/athena-workgroup-encrypted";
import { rule as firehoseKey } from "../../../policy/rules/firehose/firehose-s3-cmk";
import { rule as firehoseSse } from "../../../policy/rules/firehose/firehose-sse";
import { rule as catalog } from "../../../policy/rules/glue/glue-catalog-encryption";
import { rule as glue } from "../../../policy/rules/glue/glue-security-configuration";
import { judge, UNKNOWN } from "../support/judge";

type Props = Record<string, unknown>;

const of = (type: string) => (props: Props) => ({ type, props });
const firehose = of("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream");

const unknownAt = (path: string) =>
    `it could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("firehose-sse", () => {
    const customer = { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: UNKNOWN };
    for (const [title, props] of [
        ["is encrypted by a new key", { serverSideEncryption: customer }],
        ["is fed by a Kinesis stream", { kinesisSourceConfiguration: UNKNOWN }],
        ["is fed by MSK", { mskSourceConfiguration: { topicName: "t" } }],
    ] as const) {
        it(`takes a stream that ${title}`, async () => {
            assert.deepEqual(await judge(firehoseSse, firehose(props)), []);
        });
    }

    const off = "it is not encrypted. Set serverSideEncryption.enabled. [enabled]";
    for (const [props, message] of [
        [{}, off],
        [{ serverSideEncryption: { enabled: "false" } }, off],
        [{ serverSideEncryption: { enabled: UNKNOWN } }, unknownAt("serverSideEncryption.enabled")],
    ] as const) {
        it(`refuses a stream with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(firehoseSse, firehose(props)), [message]);
        });
    }

    it("wants a customer's key on prod alone", async () => {
        const resource = firehose({ serverSideEncryption: { enabled: true } });

        assert.deepEqual(await judge(firehoseSse, resource, "dev"), []);
        assert.deepEqual(await judge(firehoseSse, resource, "prod"), [
            "it is encrypted by a key of AWS. Set keyType to CUSTOMER_MANAGED_CMK and keyArn in serverSideEncryption. [keyType]",
        ]);
    });
});

describe("firehose-s3-cmk", () => {
    const logging = { enabled: true, logGroupName: "g", logStreamName: "s" };
    const sound = { kmsKeyArn: UNKNOWN, cloudwatchLoggingOptions: logging };
    for (const [title, props] of [
        ["S3", { extendedS3Configuration: sound }],
        ["S3 with a backup", { extendedS3Configuration: { ...sound, s3BackupConfiguration: sound } }],
        ["HTTP", { httpEndpointConfiguration: { cloudwatchLoggingOptions: logging, s3Configuration: sound } }],
    ] as const) {
        it(`takes a stream to ${title} with a key and a log`, async () => {
            assert.deepEqual(await judge(firehoseKey, firehose(props)), []);
        });
    }

    const noLog = (place: string) =>
        `it does not log errors of ${place}. Set enabled, logGroupName and logStreamName in cloudwatchLoggingOptions of ${place}. ` +
        `[${place}.cloudwatchLoggingOptions]`;
    const noKey = (place: string) =>
        `it writes to S3 without a key in ${place}. Set kmsKeyArn in ${place}. [${place}.kmsKeyArn]`;
    const s3 = "extendedS3Configuration";
    for (const [title, props, messages] of [
        ["neither", { [s3]: {} }, [noLog(s3), noKey(s3)]],
        ["a log that is off", { [s3]: { ...sound, cloudwatchLoggingOptions: {} } }, [noLog(s3)]],
        ["an empty key", { [s3]: { ...sound, kmsKeyArn: "" } }, [noKey(s3)]],
        [
            "a backup without a key",
            { [s3]: { ...sound, s3BackupConfiguration: {} } },
            [noKey(`${s3}.s3BackupConfiguration`)],
        ],
        [
            "an intermediate bucket without a key",
            { redshiftConfiguration: { cloudwatchLoggingOptions: logging, s3Configuration: {} } },
            [noKey("redshiftConfiguration.s3Configuration")],
        ],
        ["an unknown destination", { [s3]: UNKNOWN }, [unknownAt(s3)]],
    ] as const) {
        it(`refuses a stream with ${title}`, async () => {
            assert.deepEqual(await judge(firehoseKey, firehose(props)), messages);
        });
    }
});

describe("glue-security-configuration", () => {
    const encrypted = {
        cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: UNKNOWN },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: UNKNOWN },
        s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: UNKNOWN },
    };
    const configuration = (changed: Props) =>
        of("aws:glue/securityConfiguration:SecurityConfiguration")({
            encryptionConfiguration: { ...encrypted, ...changed },
        });

    for (const kind of ["aws:glue/crawler:Crawler", "aws:glue/job:Job"]) {
        it(`wants the ${kind.split(":").at(-1)!.toLowerCase()} to name a configuration, be it a new one`, async () => {
            assert.deepEqual(await judge(glue, of(kind)({ securityConfiguration: UNKNOWN })), []);
            assert.deepEqual(await judge(glue, of(kind)({ securityConfiguration: "" })), [
                "it has no security configuration. Set securityConfiguration to the name of an aws.glue.SecurityConfiguration.",
            ]);
        });
    }

    it("takes a configuration that encrypts all by KMS", async () => {
        assert.deepEqual(await judge(glue, configuration({})), []);
    });

    for (const [part, key, off, mode] of [
        ["cloudwatchEncryption", "cloudwatchEncryptionMode", "DISABLED", "SSE-KMS"],
        ["jobBookmarksEncryption", "jobBookmarksEncryptionMode", "DISABLED", "CSE-KMS"],
        ["s3Encryption", "s3EncryptionMode", "SSE-S3", "SSE-KMS"],
    ]) {
        it(`refuses a configuration whose ${part} is ${off}, left out, or unknown`, async () => {
            const message =
                `it does not encrypt by KMS in ${part}. Set ${key} of ${part} to ${mode} and its kmsKeyArn. ` +
                `[${part}]`;
            assert.deepEqual(await judge(glue, configuration({ [part]: { [key]: off } })), [message]);
            assert.deepEqual(await judge(glue, configuration({ [part]: null })), [message]);
            assert.deepEqual(await judge(glue, configuration({ [part]: { [key]: UNKNOWN } })), [
                unknownAt(`encryptionConfiguration.${part}.${key}`),
            ]);
        });
    }
});

describe("glue-catalog-encryption", () => {
    const settings = (dataCatalogEncryptionSettings: unknown) =>
        of("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings")({ dataCatalogEncryptionSettings });
    const passwords = { returnConnectionPasswordEncrypted: true, awsKmsKeyId: UNKNOWN };

    for (const mode of ["SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE"]) {
        it(`takes settings with ${mode}`, async () => {
            const encryptionAtRest = { catalogEncryptionMode: mode, sseAwsKmsKeyId: UNKNOWN };
            assert.deepEqual(
                await judge(catalog, settings({ encryptionAtRest, connectionPasswordEncryption: passwords })),
                [],
            );
        });
    }

    it("refuses settings that encrypt neither catalog nor passwords", async () => {
        const off = {
            encryptionAtRest: { catalogEncryptionMode: "DISABLED" },
            connectionPasswordEncryption: { returnConnectionPasswordEncrypted: false },
        };
        const messages = [
            "it does not encrypt the catalog. Set catalogEncryptionMode of encryptionAtRest to SSE-KMS. [encryptionAtRest]",
            "it does not encrypt passwords of connections. Set returnConnectionPasswordEncrypted and awsKmsKeyId of " +
                "connectionPasswordEncryption. [connectionPasswordEncryption]",
        ];
        assert.deepEqual(await judge(catalog, settings(off)), messages);
        assert.deepEqual(await judge(catalog, settings({})), messages);
    });

    it("does not take an unknown mode for encryption", async () => {
        const encryptionAtRest = { catalogEncryptionMode: UNKNOWN };
        assert.deepEqual(
            await judge(catalog, settings({ encryptionAtRest, connectionPasswordEncryption: passwords })),
            [unknownAt("dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode")],
        );
    });
});

describe("athena-workgroup-encrypted", () => {
    const group = (configuration: unknown) => of("aws:athena/workgroup:Workgroup")({ configuration });
    const database = of("aws:athena/database:Database");
    const resultConfiguration = { encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: UNKNOWN } };
    const unencrypted =
        "it does not encrypt results. Set encryptionOption in configuration.resultConfiguration.encryptionConfiguration. " +
        "[encryptionConfiguration]";

    for (const [title, resource] of [
        ["a workgroup whose results are encrypted", group({ resultConfiguration })],
        [
            "a workgroup with an unknown option",
            group({ resultConfiguration: { encryptionConfiguration: { encryptionOption: UNKNOWN } } }),
        ],
        ["a workgroup whose results Athena keeps", group({ managedQueryResultsConfiguration: { enabled: true } })],
        ["a database with encryption", database({ encryptionConfiguration: { encryptionOption: "SSE_S3" } })],
        ["a database in a workgroup", database({ workgroup: UNKNOWN })],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(workgroup, resource), []);
        });
    }

    for (const [title, resource, messages] of [
        ["a workgroup with no configuration at all", group(null), [unencrypted]],
        ["a workgroup without encryption", group({ resultConfiguration: { outputLocation: "s3://b" } }), [unencrypted]],
        [
            "a workgroup that clients override, and that is not measured",
            group({
                resultConfiguration,
                enforceWorkgroupConfiguration: false,
                publishCloudwatchMetricsEnabled: "false",
            }),
            [
                "it lets clients override its settings. Leave configuration.enforceWorkgroupConfiguration out. " +
                    "[enforceWorkgroupConfiguration]",
                "it publishes no metrics. Leave configuration.publishCloudwatchMetricsEnabled out. " +
                    "[publishCloudwatchMetricsEnabled]",
            ],
        ],
        [
            "a workgroup with an unknown setting, beside its other fault",
            group({ enforceWorkgroupConfiguration: UNKNOWN }),
            [unencrypted, unknownAt("configuration.enforceWorkgroupConfiguration")],
        ],
        [
            "a database without encryption",
            database({ bucket: "results" }),
            [
                "it does not encrypt results. Set encryptionOption in the encryptionConfiguration. [encryptionConfiguration]",
            ],
        ],
    ] as const) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(await judge(workgroup, resource), messages);
        });
    }
});
