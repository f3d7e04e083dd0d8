import * as assert from "node:assert/strict";
import { bothForms, bundleOf } from "../../support/bothForms";
import { startFakeS3, type FakeS3 } from "../../support/fakeS3";
import { ingestEnv, ingestSource, keyAt, keysOf, post } from "../../support/ingest";
import type { RunningHandler } from "../../support/invoke";

bothForms("EventIngest, when storage fails", ingestSource, (start) => {
    let s3: FakeS3;
    let api: RunningHandler;
    before(async () => {
        s3 = await startFakeS3();
        api = await start(ingestEnv(s3));
    });
    beforeEach(() => s3.reset());
    after(() => s3.stop());

    it("tries again after a conflict, a slow-down, an internal error and a lost connection, and then succeeds", async () => {
        s3.fates.push({ status: 409, code: "ConditionalRequestConflict" }, { status: 503, code: "SlowDown" }, "reset");

        const { status, body } = await api.invoke(post({ a: 1 }));

        assert.deepEqual([status, body.duplicate], [200, false]);
        assert.equal(s3.puts.length, 4);
        assert.equal(s3.objects.size, 1);
    });

    it("does not call its own object a duplicate when the answer to its first attempt was lost", async () => {
        s3.fates.push("reset after store");

        const { status, body } = await api.invoke(post({ a: 1 }, { "Idempotency-Key": keyAt(Date.now()) }));

        assert.deepEqual([status, body.duplicate, body.events_count], [200, false, 1]);
        assert.deepEqual([s3.puts.length, s3.objects.size], [2, 1]);
    });

    it("still knows a duplicate after S3 said that it wrote nothing", async () => {
        const request = post({ a: 1 }, { "Idempotency-Key": keyAt(Date.now()) });
        await api.invoke(request);
        s3.fates.push({ status: 503, code: "SlowDown" });

        const { body } = await api.invoke(request);

        assert.equal(body.duplicate, true);
    });

    it("answers 503 with Retry-After and acknowledges nothing when S3 goes on failing", async () => {
        s3.fates.push(...Array.from({ length: 4 }, () => ({ status: 500, code: "InternalError" })));

        const { status, headers, body } = await api.invoke(post({ a: 1 }));

        assert.deepEqual([status, body.code], [503, "SERVICE_UNAVAILABLE"]);
        assert.match(headers["retry-after"], /^\d+$/);
        assert.equal(body.events_count, undefined);
        assert.equal(s3.objects.size, 0);
    });

    it("does not try again when S3 denies access, and says why in the log alone", async () => {
        s3.fates.push({ status: 403, code: "AccessDenied" });

        const { status, text, output } = await api.invoke(post({ a: 1 }));

        assert.equal(status, 503);
        assert.equal(s3.puts.length, 1);
        assert.match(output, /AccessDenied/);
        assert.doesNotMatch(text, /AccessDenied|bucket/);
    });

    it("answers 503 before Lambda would end it when S3 does not answer at all", async () => {
        s3.fates.push("hang", "hang", "hang", "hang");
        const started = Date.now();

        const { status } = await api.invoke({ ...post({ a: 1 }), remainingMs: 1400 });

        assert.equal(status, 503);
        assert.ok(Date.now() - started < 1400);
    });

    it("stores no events before the rejected ones are safe, so that a repeat completes both", async () => {
        const request = post([{ a: 1 }, {}], { "Idempotency-Key": keyAt(Date.now()) });
        s3.fates.push({ status: 403, code: "AccessDenied" });
        assert.equal((await api.invoke(request)).status, 503);
        assert.equal(s3.objects.size, 0);

        const { status, body } = await api.invoke(request);

        assert.deepEqual([status, body.duplicate, body.events_count, body.rejected.length], [200, false, 1, 1]);
        assert.deepEqual(
            keysOf(s3).map((key) => key.split("/")[0]),
            ["rejected", "events"],
        );
    });

    it("completes on a repeat what ended between the two objects, and calls it no duplicate", async () => {
        const request = post([{ a: 1 }, {}], { "Idempotency-Key": keyAt(Date.now()) });
        s3.fates.push("normal", { status: 403, code: "AccessDenied" });
        assert.equal((await api.invoke(request)).status, 503);
        assert.equal(s3.objects.size, 1);

        const { status, body } = await api.invoke(request);

        assert.deepEqual([status, body.duplicate], [200, false]);
        assert.equal(s3.objects.size, 2);
    });
});

describe("EventIngest's artifact", () => {
    it("takes at most 300 kB, of which the program's own code at most 18 kB", async () => {
        const { bytes, packages } = await bundleOf(ingestSource);

        assert.ok(bytes <= 300_000, `${bytes} bytes`);
        assert.ok(packages.handler <= 18_000, `${packages.handler} bytes`);
    });

    it("holds nothing of the environment it was made in", async () => {
        process.env.QUARTET_TEST_SECRET = "value-of-the-deploying-machine";

        const { code } = await bundleOf(ingestSource);

        assert.ok(!code.includes(process.env.QUARTET_TEST_SECRET));
        delete process.env.QUARTET_TEST_SECRET;
    });
});
