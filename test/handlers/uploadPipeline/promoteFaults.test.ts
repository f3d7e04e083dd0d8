import * as assert from "node:assert/strict";
import { bothForms } from "../../support/bothForms";
import { keysOf, objectAt, overwrite } from "./support/objects";
import { arrive, promoteStage, recordOf, type Arrived } from "./support/promoteStage";
import type { Fate, PassingCall } from "./support/proxies";

const source = { module: "handlers/uploadPipeline/promoteUpload.ts", factory: "promoteUploadFactory", args: [] };

bothForms("the worker that moves files, when something breaks", source, (start) => {
    const now = promoteStage(start);
    const statusesOf = ({ id }: Arrived) =>
        now()
            .api.history.get(id)!
            .map(({ status }) => status);
    const intercept = (decide: (call: PassingCall) => Fate | Promise<Fate>) => void (now().proxies.intercept = decide);
    const isMoved = async (file: Arrived, body = "hello") => {
        assert.deepEqual(await keysOf(now()), [file.to]);
        assert.equal((await objectAt(now(), file.to)).body, body);
        assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
    };

    const steps = [
        "report processing",
        "HEAD temp",
        "HEAD dest",
        "PUT dest",
        "HEAD dest",
        "report completed",
        "DELETE temp",
    ];
    for (const [index, step] of steps.entries()) {
        it(`finishes a file once after being cut off by step ${index + 1}, ${step}, whose effect stays`, async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message);
            intercept(({ number }) => (number <= index ? "forward" : number === index + 1 ? "cut after" : "cut"));
            const first = await now().deliver([record]);
            assert.deepEqual(first.failed, [record.messageId]);
            assert.equal(now().proxies.calls[index], step);
            const copies = await keysOf(now());
            now().proxies.reset();

            const { failed } = await now().deliver([record]);

            assert.deepEqual(failed, []);
            await isMoved(file);
            const copiedAgain = now().proxies.calls.includes("PUT dest");
            assert.equal(copiedAgain, !copies.includes(file.to), "a good copy is taken, not made again");
        });
    }

    it("never removes the temporary object before the file is completed, wherever it is cut off", async () => {
        for (let last = 0; last < steps.length - 1; last++) {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message);
            now().proxies.reset();
            intercept(({ number }) => (number <= last ? "forward" : { status: 403 }));

            await now().deliver([record]);

            assert.ok((await keysOf(now())).includes(file.from), `after ${last} steps`);
            assert.notEqual(statusesOf(file).at(-1), "completed");
        }
    });

    describe("with the copy", () => {
        const altered: Record<string, (file: Arrived) => Fate | Promise<Fate>> = {
            "has other bytes": async (file): Promise<Fate> => {
                await overwrite(now(), file.to, "jello");
                return "forward";
            },
            "has another length": async (file): Promise<Fate> => {
                await overwrite(now(), file.to, "hello!");
                return "forward";
            },
            "has the checksum but another length": () => ({ headers: { "content-length": "6" } }),
            "has another checksum": () => ({ headers: { "x-amz-checksum-sha256": `${"A".repeat(43)}=` } }),
            "is not there": () => ({ status: 404 }),
        };
        for (const [what, alter] of Object.entries(altered)) {
            it(`that ${what}: does not complete the file, and keeps what arrived for the next delivery`, async () => {
                const file = await arrive(now());
                const record = await recordOf(now(), file.message);
                intercept(({ label, number }) => (label === "HEAD dest" && number > 3 ? alter(file) : "forward"));

                const { failed, writes } = await now().deliver([record]);

                assert.deepEqual(failed, [record.messageId]);
                assert.ok(writes.join("").includes("The copy differs from what was uploaded"));
                assert.ok((await keysOf(now())).includes(file.from));
                assert.deepEqual(statusesOf(file), ["uploaded", "processing"]);
                now().proxies.reset();
                assert.deepEqual((await now().deliver([record])).failed, []);
                await isMoved(file);
            });
        }

        it("whose checksums nobody tells: does not complete the file", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message);
            const none = Object.fromEntries(
                ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"].map((name) => [`x-amz-checksum-${name}`, undefined]),
            );
            intercept(({ label }) => (label.startsWith("HEAD") ? { headers: none } : "forward"));

            const { failed } = await now().deliver([record]);

            assert.deepEqual(failed, [record.messageId]);
            assert.deepEqual(statusesOf(file), ["uploaded", "processing"]);
        });

        it("that was made of something else than what was looked at: is refused by S3, and made anew", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message);
            intercept(async ({ label }): Promise<Fate> => {
                if (label === "PUT dest") {
                    await overwrite(now(), file.from, "other");
                }
                return "forward";
            });

            const { failed } = await now().deliver([record]);

            assert.deepEqual(failed, [record.messageId]);
            assert.deepEqual(await keysOf(now()), [file.from]);
            now().proxies.reset();
            assert.deepEqual((await now().deliver([record])).failed, []);
            await isMoved(file, "other");
        });
    });

    describe("with its reports", () => {
        const reports = () => now().proxies.calls.filter((label) => label.startsWith("report"));
        /** Lets the first reports of one status meet these fates. */
        const meet = (status: string, ...fates: Fate[]) =>
            intercept(({ label }) => (label === `report ${status}` ? fates.shift() : undefined) ?? "forward");

        const passing: [status: string, what: string, ...fates: Fate[]][] = [
            ["processing", "that is answered with 500 twice", { status: 500 }, { status: 500 }],
            ["processing", "that is answered with 429, 502 and 504", { status: 429 }, { status: 502 }, { status: 504 }],
            ["processing", "whose connection breaks", "cut"],
            ["completed", "that is answered with 503", { status: 503 }],
            ["completed", "whose answer is lost", "cut after"],
        ];
        for (const [status, what, ...fates] of passing) {
            it(`sends one of \`${status}\` ${what} again, and moves the file`, async () => {
                const file = await arrive(now());
                const record = await recordOf(now(), file.message);
                const attempts = fates.length + 1;
                meet(status, ...fates);

                const { failed } = await now().deliver([record]);

                assert.deepEqual(failed, []);
                assert.equal(reports().filter((label) => label.endsWith(status)).length, attempts);
                await isMoved(file);
            });
        }

        for (const code of [400, 401, 403]) {
            it(`fails at once when \`processing\` is answered with ${code}, and copies nothing`, async () => {
                const file = await arrive(now());
                const record = await recordOf(now(), file.message);
                meet("processing", { status: code });

                const { failed } = await now().deliver([record]);

                assert.deepEqual(failed, [record.messageId]);
                assert.deepEqual(reports(), ["report processing"]);
                assert.deepEqual(await keysOf(now()), [file.from]);
            });
        }

        it("keeps the temporary object when `completed` is answered with 403", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message);
            meet("completed", { status: 403 });

            const { failed } = await now().deliver([record]);

            assert.deepEqual(failed, [record.messageId]);
            assert.deepEqual(await keysOf(now()), [file.to, file.from]);
            assert.deepEqual(statusesOf(file), ["uploaded", "processing"]);
        });

        it("fails after four attempts when the API does not recover", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message);
            intercept(({ label }) => (label.startsWith("report") ? { status: 500 } : "forward"));

            const { failed } = await now().deliver([record]);

            assert.deepEqual(failed, [record.messageId]);
            assert.equal(reports().length, 4);
        });

        it("is let in by its role's signature alone", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message);
            const forger = await start({ ...now().env, AWS_SECRET_ACCESS_KEY: "another" });

            const { result } = await forger.invokeEvent({ Records: [record] });

            assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: record.messageId }] });
            assert.deepEqual(statusesOf(file), ["uploaded"]);
        });
    });
});
