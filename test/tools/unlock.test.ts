import * as assert from "node:assert/strict";
import { CI_OWNERS, refusals } from "../../tools/unlock/judge";
import { parseLock, type Lock } from "../../tools/unlock/lock";
import { readLocks } from "../../tools/unlock/readLocks";
import { parseS3Backend } from "../../tools/unlock/s3Backend";

// With the Pulumi CLI and real backends: test/engine/unlock.test.ts.

const NOW = Date.parse("2026-11-25T12:00:00Z");

describe("the lock of a stack", () => {
    it("is read as Pulumi writes it, with the nanoseconds and the zone of Go's times", () => {
        const text =
            '{"pid":2047,"username":"runner","hostname":"runnervmwhb2z","timestamp":"2026-11-25T12:30:00.123456789+01:00"}';

        assert.deepEqual(parseLock("locks/a.json", text), {
            key: "locks/a.json",
            owner: "runner@runnervmwhb2z",
            pid: 2047,
            since: Date.parse("2026-11-25T11:30:00.123Z"),
        });
    });

    for (const text of [
        "",
        "{}",
        '{"pid":1,"username":"runner","hostname":"h"}',
        '{"pid":1,"username":"runner","hostname":"h","timestamp":"yesterday"}',
        '{"pid":1,"username":"","hostname":"h","timestamp":"2026-11-25T12:00:00Z"}',
    ]) {
        it(`is refused when it does not say who holds it since when: ${text || "empty"}`, () => {
            assert.throws(() => parseLock("locks/a.json", text), /The lock locks\/a\.json is not what Pulumi writes/);
        });
    }

    it("is stranded at the limit, and not a minute before", () => {
        assert.deepEqual(judge({ since: NOW - 60 * 60_000 }), []);
        assert.match(judge({ since: NOW - 60 * 60_000 + 1 }).join(), /is 59 min old, and may still be at work/);
    });

    it("is not stranded when its time is yet to come, whatever the limit", () => {
        assert.match(judge({ since: NOW + 1 }, 0).join(), /has a time that is yet to come/);
    });

    for (const owner of [
        "runner@runnervmwhb2z",
        "runner@runnervmeorf1.khuyxa00f1.cx.internal.cloudapp.net",
        "runner@fv-az1272-448",
    ]) {
        it(`is a CI runner's: ${owner}`, () => {
            assert.deepEqual(judge({ owner }), []);
        });
    }

    for (const owner of ["ada@runnervmwhb2z", "runner@laptop", "x-runner@runnervm1", "runner@my-runnervm1"]) {
        it(`is nobody's who may be cancelled: ${owner}`, () => {
            assert.match(judge({ owner }).join(), /is not one of a CI runner/);
        });
    }

    it("has every reason told, of every lock", () => {
        const locks = [lock({ owner: "ada@laptop", since: NOW }), lock({}), lock({ since: NOW })];

        assert.equal(refusals(locks, { olderThan: 60, owners: CI_OWNERS, now: NOW }).length, 3);
    });
});

describe("a backend's URL", () => {
    it("is read with prefix, region and endpoint, as Pulumi reads it", () => {
        assert.deepEqual(parseS3Backend("s3://states/a/b?region=eu-west-1&awssdk=v2"), {
            bucket: "states",
            prefix: "a/b/",
            config: { region: "eu-west-1" },
        });
        assert.deepEqual(parseS3Backend("s3://states?endpoint=127.0.0.1:9000&disableSSL=true&s3ForcePathStyle=true"), {
            bucket: "states",
            prefix: "",
            config: { endpoint: "http://127.0.0.1:9000", forcePathStyle: true },
        });
    });

    it("is refused with a parameter that may lead elsewhere", () => {
        assert.throws(
            () => parseS3Backend("s3://states?role=arn:aws:iam::111111111111:role/x"),
            /has a parameter role/,
        );
    });

    it("is refused where locks can't be read", () => {
        assert.throws(() => readLocks("https://api.pulumi.com", "locks/", "."), /only locks in s3:\/\/ and file:\/\//);
    });
});

function lock(changes: Partial<Lock>): Lock {
    return { key: "locks/a.json", owner: "runner@runnervm1", pid: 1, since: 0, ...changes };
}

function judge(changes: Partial<Lock>, olderThan = 60): string[] {
    return refusals([lock(changes)], { olderThan, owners: CI_OWNERS, now: NOW });
}
