import * as assert from "node:assert/strict";
import { rule as accessLogging } from "../../../policy/rules/s3/s3-access-logging";
import { rule as lifecycle } from "../../../policy/rules/s3/s3-lifecycle";
import { rule as noForceDestroy } from "../../../policy/rules/s3/s3-no-force-destroy";
import { rule as versioning } from "../../../policy/rules/s3/s3-versioning";
import { bucket, bucketSetting, old, unknownOfBucket } from "../support/buckets";
import { judge, judgeStack, UNKNOWN } from "../support/judge";

describe("s3-versioning", () => {
    const TYPE = "bucketVersioning:BucketVersioning";
    const status = (value: string) => bucketSetting(TYPE, { versioningConfiguration: { status: value } });
    const NONE =
        "data keeps no versions of its objects. Give the bucket an aws.s3.BucketVersioning with " +
        "versioningConfiguration.status: Enabled.";

    for (const resources of [
        [bucket(), status("Enabled")],
        [bucket(), old(status("Enabled"))],
        [bucket({ versioning: { enabled: true } })],
        [old(bucket({ versionings: [{ enabled: "true" }] }))],
    ]) {
        it(`takes ${JSON.stringify(resources)}`, async () => {
            assert.deepEqual(await judgeStack(versioning, resources), []);
        });
    }

    for (const resources of [
        [bucket()],
        [bucket(), status("Suspended")],
        [bucket({ versioning: { enabled: false } })],
        [bucket({ versioning: { mfaDelete: true } })],
        [{ ...bucket(), outputs: { versioning: UNKNOWN } }],
        [
            bucket(),
            { ...status("Enabled"), props: { bucket: "other", versioningConfiguration: { status: "Enabled" } } },
        ],
    ]) {
        it(`refuses ${JSON.stringify(resources)}`, async () => {
            assert.deepEqual(await judgeStack(versioning, resources), [NONE]);
        });
    }

    it("does not take an unknown status for enabled", async () => {
        assert.deepEqual(await judgeStack(versioning, [bucket(), status(UNKNOWN)]), [
            unknownOfBucket("versioningConfiguration.status"),
        ]);
    });
});

describe("s3-access-logging", () => {
    const none = (name: string) =>
        `${name} does not log who accesses it. Give the bucket an aws.s3.BucketLogging with the targetBucket that takes its logs.`;
    const logging = (props: Record<string, unknown>) => bucketSetting("bucketLogging:BucketLogging", props);
    const logs = bucket({}, "logs");

    for (const [title, resources] of [
        ["a bucket that logs elsewhere", [bucket(), logging({ targetBucket: "of-another-stack" })]],
        ["a bucket that logs to one made in the same deployment", [bucket(), logging({ targetBucket: UNKNOWN })]],
        ["a bucket and its log bucket", [bucket(), logs, logging({ targetBucket: "logs" })]],
        [
            "a bucket and its log bucket, of old types",
            [old(bucket()), old(logs), old(logging({ targetBucket: "logs" }))],
        ],
        [
            "a log bucket that is named by an unknown output",
            [
                bucket(),
                { ...logs, outputs: { id: UNKNOWN } },
                { ...logging({ targetBucket: UNKNOWN }), refers: { targetBucket: ["logs"] } },
            ],
        ],
        ["a bucket and its log bucket, inline", [bucket({ logging: { targetBucket: "logs" } }), logs]],
        [
            "a bucket and its log bucket, inline as a list",
            [old(bucket({ loggings: [{ targetBucket: "logs" }] })), logs],
        ],
        [
            "a log bucket that is named inline by an unknown output",
            [{ ...bucket({ logging: { targetBucket: UNKNOWN } }), refers: { logging: ["logs"] } }, logs],
        ],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judgeStack(accessLogging, resources), []);
        });
    }

    it("refuses each bucket without logs, though the provider answers something unknown", async () => {
        const data = { ...bucket(), outputs: { logging: UNKNOWN } };
        assert.deepEqual(await judgeStack(accessLogging, [data, logs]), [none("data"), none("logs")]);
    });

    it("refuses a bucket that is no target, beside one whose target is unknown", async () => {
        const data = bucket({ logging: { targetBucket: UNKNOWN } });
        assert.deepEqual(await judgeStack(accessLogging, [data, logs]), [none("logs")]);
    });
});

describe("s3-lifecycle", () => {
    const MEND =
        "Give the bucket an aws.s3.BucketLifecycleConfiguration with an enabled rule of abortIncompleteMultipartUpload " +
        "for all objects.";
    const ends = { id: "a", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
    const life = (...rules: readonly unknown[]) =>
        bucketSetting("bucketLifecycleConfiguration:BucketLifecycleConfiguration", { rules });

    for (const [title, resources] of [
        ["a rule for all objects", [bucket(), life({ id: "b", status: "Enabled" }, ends)]],
        ["a rule with an empty filter", [bucket(), life({ ...ends, filter: {} })]],
        ["a rule with an empty prefix, of the old type", [bucket(), old(life({ ...ends, filter: { prefix: "" } }))]],
        ["a rule inline", [bucket({ lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 1 }] })]],
    ] as const) {
        it(`takes a bucket with ${title}`, async () => {
            assert.deepEqual(await judgeStack(lifecycle, resources), []);
        });
    }

    it("refuses a bucket without a life cycle, though the provider answers something unknown", async () => {
        const data = { ...bucket(), outputs: { lifecycleRules: UNKNOWN } };
        assert.deepEqual(await judgeStack(lifecycle, [data]), [`data has no life cycle. ${MEND}`]);
    });

    for (const [title, resources] of [
        ["a rule that only expires", [bucket(), life({ id: "a", status: "Enabled", expiration: { days: 1 } })]],
        ["a rule that is disabled", [bucket(), life({ ...ends, status: "Disabled" })]],
        ["a rule without days", [bucket(), life({ ...ends, abortIncompleteMultipartUpload: {} })]],
        ["a rule for one folder", [bucket(), life({ ...ends, filter: { prefix: "temp/" } })]],
        ["a rule for one folder, by the older property", [bucket(), life({ ...ends, prefix: "temp/" })]],
        ["an inline rule that is disabled", [bucket({ lifecycleRules: [{ abortIncompleteMultipartUploadDays: 1 }] })]],
        [
            "an inline rule for one folder",
            [bucket({ lifecycleRules: [{ enabled: true, prefix: "temp/", abortIncompleteMultipartUploadDays: 1 }] })],
        ],
    ] as const) {
        it(`refuses a bucket with ${title}`, async () => {
            assert.deepEqual(await judgeStack(lifecycle, resources), [
                `data keeps the parts of unfinished uploads. ${MEND}`,
            ]);
        });
    }

    it("does not take an unknown status for enabled", async () => {
        assert.deepEqual(await judgeStack(lifecycle, [bucket(), life({ ...ends, status: UNKNOWN })]), [
            unknownOfBucket("rules.0.status"),
        ]);
    });
});

describe("s3-no-force-destroy", () => {
    for (const props of [{}, { forceDestroy: false }, { forceDestroy: "false" }]) {
        it(`takes a bucket with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(noForceDestroy, bucket(props)), []);
        });
    }

    for (const resource of [
        bucket({ forceDestroy: true }),
        bucket({ forceDestroy: "true" }),
        old(bucket({ forceDestroy: true })),
        { ...bucket({ forceDestroy: true }), type: "aws:s3/directoryBucket:DirectoryBucket" },
    ]) {
        it(`refuses ${JSON.stringify(resource)}`, async () => {
            assert.deepEqual(await judge(noForceDestroy, resource), [
                "data is destroyed together with its objects. Leave forceDestroy out or set it to false.",
            ]);
        });
    }

    it("does not take an unknown value for false", async () => {
        assert.deepEqual(await judge(noForceDestroy, bucket({ forceDestroy: UNKNOWN })), [
            unknownOfBucket("forceDestroy"),
        ]);
    });
});
