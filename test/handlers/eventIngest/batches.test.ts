import * as assert from "node:assert/strict";
import { bothForms } from "../../support/bothForms";
import { startFakeS3, type FakeS3 } from "../../support/fakeS3";
import { ingestEnv, ingestSource, keyAt, keysOf, onlyObject, post, shortHash, tokens } from "../../support/ingest";
import type { RunningHandler } from "../../support/invoke";

const UUIDV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const HOUR = 3_600_000;

bothForms("EventIngest's batches", ingestSource, (start) => {
    let s3: FakeS3;
    let api: RunningHandler;
    before(async () => {
        s3 = await startFakeS3();
        api = await start(ingestEnv(s3));
    });
    beforeEach(() => s3.reset());
    after(() => s3.stop());

    describe("what is stored", () => {
        it("stores one event as one line, stamped, under the batch's hour, and gives the receipt", async () => {
            const before = Date.now();

            const answer = await api.invoke({
                ...post('{"event_name":"signup","extra":[1,{"b":null}]}'),
                requestId: "r-7",
            });

            const { batch_id } = answer.body;
            assert.equal(answer.status, 200);
            assert.match(batch_id, UUIDV7);
            assert.deepEqual(answer.body, {
                message: "Successfully processed 1 event(s)",
                events_count: 1,
                batch_id,
                duplicate: false,
                rejected: [],
            });
            const { lines, headers, path } = onlyObject(s3, "events/");
            const event = JSON.parse(lines[0]);
            const receivedAt = Date.parse(event.received_at);
            assert.ok(receivedAt >= before && receivedAt <= Date.now() && event.received_at.endsWith("Z"));
            assert.deepEqual(event, {
                event_name: "signup",
                extra: [1, { b: null }],
                event_time: event.received_at,
                received_at: event.received_at,
                batch_id,
                client_id: "web",
            });
            const [, y, m, d, h] = /^(....)-(..)-(..)T(..)/.exec(event.received_at)!;
            const tag = shortHash("web", '{"event_name":"signup","extra":[1,{"b":null}]}');
            assert.equal(
                path,
                `/event-bucket/events/year=${y}/month=${m}/day=${d}/hour=${h}/events_${batch_id}-${tag}.json.gz`,
            );
            assert.equal(headers["if-none-match"], "*");
            assert.equal(headers["content-type"], "application/x-ndjson");
            assert.equal(headers["x-amz-meta-request-id"], "r-7");
            assert.equal(headers["x-amz-meta-client-id"], "web");
            assert.equal(headers["x-amz-meta-batch-id"], batch_id);
            assert.equal(headers["x-amz-meta-events"], "1");
        });

        it("keeps every event as sent, digit for digit and sign for sign", async () => {
            const events = [
                '{"big":12345678901234567890,"bigger":1234567890123456789012345678901234567890,"exact":1.10,"exp":1E+2,"neg":-0}',
                String.raw`{"text":"caf\u00e9 ☕ \ud83e\udd8a 🦊 \u2028 \/ \" \\","z":"a,b}]{["}`,
                '{"__proto__":{"admin":true},"constructor":{"prototype":1},"toString":1}',
                '{"a":1,"a":2,"event_name":"twice a"}',
                '{ "spaced" :  [ 1 , 2 ] , "o" : { } }',
            ];

            const { status, body } = await api.invoke(post(`[${events.join(" , ")}]`));

            assert.deepEqual([status, body.events_count], [200, 5]);
            const { lines } = onlyObject(s3, "events/");
            assert.deepEqual(
                lines.map((line) => line.slice(0, line.lastIndexOf(',"event_time"'))),
                [...events.slice(0, 4).map((event) => event.slice(0, -1)), events[4].slice(0, -1)],
            );
            lines.forEach((line) => assert.equal(JSON.parse(line).client_id, "web"));
        });

        it("keeps an event that is spread over lines on one line", async () => {
            await api.invoke(post('[\r\n{\n  "a": "x\\ny",\r\n  "b": [\n1\r]\n}\n,\n{"c":\n1}\n]\n'));

            const { lines } = onlyObject(s3, "events/");
            assert.equal(lines.length, 2);
            assert.match(lines[0], /^\{ {3}"a": "x\\ny", {4}"b": \[ 1 \] ,"event_time"/);
            assert.equal(JSON.parse(lines[0]).a, "x\ny");
            assert.equal(JSON.parse(lines[1]).c, 1);
        });

        it("keeps a valid event_time as sent", async () => {
            const times = [
                "2026-01-31T12:00:00Z",
                "2026-01-31t12:00:00.123456789z",
                "2024-02-29T23:59:60+00:00",
                "1999-12-31T18:59:59-05:30",
            ];

            const { body } = await api.invoke(post(times.map((event_time) => ({ event_time }))));

            assert.equal(body.events_count, 4);
            assert.deepEqual(
                onlyObject(s3, "events/").lines.map((line) => JSON.parse(line).event_time),
                times,
            );
        });

        it("drops members by the server's names, however they are spelt or repeated, and nothing else", async () => {
            const event = String.raw`{"received_at":"1970","a":{"batch_id":"mine"},"batch_id":1,"batch\u005fid":{"x":[",}"]},"b":1.0,"client_id":"shop"}`;

            await api.invoke(post(`[${event},{"client_id":"shop"}]`));

            const { lines } = onlyObject(s3, "events/");
            assert.ok(lines[0].startsWith('{"a":{"batch_id":"mine"},"b":1.0,"event_time":"'), lines[0]);
            assert.ok(lines[1].startsWith('{"event_time":"'), lines[1]);
            for (const line of lines) {
                assert.equal(line.split('"client_id"').length, 2);
                assert.equal(JSON.parse(line).client_id, "web");
                assert.match(JSON.parse(line).batch_id, UUIDV7);
            }
        });

        it("takes 500 events, and refuses 501 and none with 400", async () => {
            const events = (length: number) => Array.from({ length }, (_, n) => ({ n }));

            const full = await api.invoke(post(events(500)));
            assert.deepEqual([full.status, full.body.events_count], [200, 500]);
            assert.deepEqual(
                onlyObject(s3, "events/").lines.map((line) => JSON.parse(line).n),
                [...events(500).keys()],
            );
            s3.reset();
            const over = await api.invoke(post(events(501)));
            const none = await api.invoke(post(" [ ] "));

            assert.deepEqual([over.status, over.body.code], [400, "TOO_MANY_EVENTS"]);
            assert.deepEqual([none.status, none.body.code], [400, "EMPTY_BATCH"]);
            assert.equal(s3.puts.length, 0);
        });

        it("stores an event that is 10 000 levels deep as sent", async () => {
            const deep = `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)},"b":${'{"c":'.repeat(10_000)}1${"}".repeat(10_000)}}`;

            assert.equal((await api.invoke(post(deep))).status, 200);

            assert.ok(onlyObject(s3, "events/").lines[0].startsWith(deep.slice(0, -1)));
            assert.equal((await api.invoke(post("[".repeat(10_000)))).body.code, "INVALID_JSON");
        });

        it("counts in CloudWatch's embedded format what it accepted and rejected", async () => {
            const { output } = await api.invoke({ ...post([{ a: 1 }, { b: 1 }, 7]), requestId: "r-8" });

            const metrics = JSON.parse(output.split("\n").find((line) => line.startsWith('{"_aws"'))!);
            const [directive] = metrics._aws.CloudWatchMetrics;
            assert.equal(directive.Namespace, "quartet-test-ingest");
            assert.deepEqual(directive.Dimensions, [["Service"]]);
            assert.deepEqual(
                directive.Metrics.map(({ Name }: { Name: string }) => metrics[Name]),
                [2, 1, 0],
            );
            assert.deepEqual([metrics.Service, metrics.request_id], ["EventIngest", "r-8"]);
        });
    });

    describe("what is rejected", () => {
        const bad: [what: string, event: string, path: string, message: RegExp][] = [
            ["a number", "7", "", /object/],
            ["null", "null", "", /object/],
            ["an array", '[{"a":1}]', "", /object/],
            ["an empty object", "{ }", "", /empty/],
            ["an empty event_name", '{"event_name":""}', "event_name", /1 to 256/],
            ["an event_name of 257 characters", `{"event_name":"${"ž".repeat(257)}"}`, "event_name", /1 to 256/],
            ["an event_name that is null", '{"event_name":null}', "event_name", /string/],
            ["a user_id that is a number", '{"user_id":12345}', "user_id", /string/],
            ["an event_time that is null", '{"event_time":null}', "event_time", /RFC 3339/],
            ["an event_time in ms", '{"event_time":1767225600000}', "event_time", /RFC 3339/],
            ["an event_time without an offset", '{"event_time":"2026-01-31T12:00:00"}', "event_time", /RFC 3339/],
            ["an event_time on a day that is none", '{"event_time":"2026-02-29T12:00:00Z"}', "event_time", /RFC 3339/],
            [
                "an event_time at a leap second by day",
                '{"event_time":"2026-01-31T12:00:60Z"}',
                "event_time",
                /RFC 3339/,
            ],
            ["an event_time at hour 24", '{"event_time":"2026-01-31T24:00:00Z"}', "event_time", /RFC 3339/],
            ["properties that are an array", '{"properties":[]}', "properties", /object/],
            ["properties that are text", '{"properties":"{}"}', "properties", /object/],
            [
                "an event_time that stands twice",
                '{"event_time":"never","event_time":"2026-01-31T12:00:00Z"}',
                "event_time",
                /repeated/,
            ],
        ];
        for (const [what, event, path, message] of bad) {
            it(`rejects ${what}, and keeps it raw with the reason, while the others are stored`, async () => {
                const body = `[{"good":1}, ${event} ,{"good":2}]`;

                const answer = await api.invoke(post(body));

                const { batch_id, rejected } = answer.body;
                assert.deepEqual([answer.status, answer.body.events_count], [200, 2]);
                assert.equal(answer.body.message, "Successfully processed 2 event(s)");
                assert.deepEqual(
                    rejected.map((one: any) => [one.index, one.path]),
                    [[1, path]],
                );
                assert.match(rejected[0].message, message);
                const stored = onlyObject(s3, "rejected/");
                const line = JSON.parse(stored.lines[0]);
                assert.deepEqual([line.raw, line.index, line.client_id, line.batch_id], [event, 1, "web", batch_id]);
                assert.deepEqual(line.reason, [{ path, message: rejected[0].message }]);
                const events = onlyObject(s3, "events/");
                assert.equal(
                    stored.path,
                    events.path.replace("/events/", "/rejected/").replace("events_", "rejected_"),
                );
                assert.equal(stored.headers["if-none-match"], "*");
                assert.deepEqual(
                    events.lines.map((text) => JSON.parse(text).good),
                    [1, 2],
                );
            });
        }

        it("takes fields of 256 characters, however many UTF-16 units they take", async () => {
            const { status } = await api.invoke(post({ event_name: "🦊".repeat(256), user_id: "ž".repeat(256) }));

            assert.equal(status, 200);
        });

        it("reports every issue of every event, and repeats none of the values", async () => {
            const { body, text, output } = await api.invoke(
                post([{ event_name: 4242, user_id: "" }, { a: 1 }, { event_time: "secret-time", properties: 4242 }]),
            );

            assert.deepEqual(
                body.rejected.map((one: any) => `${one.index} ${one.path}`),
                ["0 event_name", "0 user_id", "2 event_time", "2 properties"],
            );
            assert.doesNotMatch(text + output, /4242|secret-time/);
        });

        it("answers 400 with the receipt when all are bad, and stores no events", async () => {
            const key = keyAt(Date.now());

            const { status, body } = await api.invoke(post([{ event_name: "" }, 5], { "Idempotency-Key": key }));

            assert.equal(status, 400);
            assert.deepEqual([body.events_count, body.batch_id, body.duplicate], [0, key, false]);
            assert.deepEqual(
                body.rejected.map((one: any) => one.index),
                [0, 1],
            );
            assert.deepEqual(
                [body.code, body.issues.map((one: any) => one.path)],
                ["NO_VALID_EVENT", ["0.event_name", "1"]],
            );
            assert.deepEqual(
                onlyObject(s3, "rejected/").lines.map((line) => JSON.parse(line).raw),
                ['{"event_name":""}', "5"],
            );
            assert.equal(keysOf(s3).length, 1);
        });
    });

    describe("idempotency keys", () => {
        it("takes the key for the batch's id in lower case, and its time for the partition", async () => {
            const time = Date.now() - 23 * HOUR;
            const key = keyAt(time).toUpperCase();

            const { status, body } = await api.invoke(post({ a: 1 }, { "Idempotency-Key": key }));

            assert.deepEqual([status, body.batch_id, body.duplicate], [200, key.toLowerCase(), false]);
            const hour = new Date(time).toISOString().slice(11, 13);
            assert.match(keysOf(s3)[0], new RegExp(`/hour=${hour}/events_${key.toLowerCase()}-`));
        });

        it("answers a repeat 200 with duplicate, and stores nothing new", async () => {
            const request = post([{ a: 1 }, {}], { "Idempotency-Key": keyAt(Date.now()) });
            const first = await api.invoke(request);
            const stored = new Map(s3.objects);

            const second = await api.invoke(request);

            assert.deepEqual([first.body.duplicate, second.body.duplicate], [false, true]);
            assert.deepEqual({ ...second.body, duplicate: false }, first.body);
            assert.equal(second.status, 200);
            assert.deepEqual(new Map(s3.objects), stored);
            assert.match(second.output, /"EventsAccepted":0,"EventsRejected":0,"DuplicateBatches":1/);
        });

        it("stores the same id with another body, or from another client, beside the first", async () => {
            const key = { "Idempotency-Key": keyAt(Date.now()) };
            const requests = [
                post({ a: 1 }, key),
                post({ a: 2 }, key),
                post({ a: 1 }, { ...key, "X-Auth-Token": tokens.shop }),
            ];

            for (const request of requests) {
                assert.equal((await api.invoke(request)).body.duplicate, false);
            }

            const tags = keysOf(s3).map((name) => /-([0-9a-f]{16})\.json\.gz$/.exec(name)![1]);
            assert.deepEqual(tags, [
                shortHash("web", '{"a":1}'),
                shortHash("web", '{"a":2}'),
                shortHash("shop", '{"a":1}'),
            ]);
        });

        it("leaves the key of an all-bad batch free", async () => {
            const key = { "Idempotency-Key": keyAt(Date.now()) };
            assert.equal((await api.invoke(post([{}], key))).status, 400);
            assert.equal((await api.invoke(post([{}], key))).status, 400);

            const { status, body } = await api.invoke(post([{ a: 1 }], key));

            assert.deepEqual([status, body.duplicate], [200, false]);
        });

        it("gives batches without a key ids of their own", async () => {
            const first = await api.invoke(post({ a: 1 }));
            const second = await api.invoke(post({ a: 1 }));

            assert.notEqual(first.body.batch_id, second.body.batch_id);
            assert.equal(s3.objects.size, 2);
        });

        for (const [what, key] of Object.entries<() => string>({
            "an empty key": () => "",
            "a UUID of version 4": () => "3b241101-e2bb-4255-8caf-4136c566a962",
            "a UUID of another variant": () => keyAt(Date.now()).replace("-9abc-", "-cabc-"),
            "a key in braces": () => `{${keyAt(Date.now())}}`,
            "a key 24 hours old": () => keyAt(Date.now() - 24 * HOUR - 1000),
            "a key over 5 minutes ahead": () => keyAt(Date.now() + 5 * 60_000 + 2000),
        })) {
            it(`refuses ${what} with 400 and stores nothing`, async () => {
                const { status, body } = await api.invoke(post({ a: 1 }, { "Idempotency-Key": key() }));

                assert.deepEqual([status, body.code], [400, "INVALID_IDEMPOTENCY_KEY"]);
                assert.equal(body.issues[0].path, "Idempotency-Key");
                assert.equal(s3.puts.length, 0);
            });
        }

        it("takes a key of almost 24 hours ago, and one of almost 5 minutes ahead", async () => {
            for (const time of [Date.now() - 24 * HOUR + 5000, Date.now() + 5 * 60_000 - 1000]) {
                assert.equal((await api.invoke(post({ a: 1 }, { "idempotency-key": keyAt(time) }))).status, 200);
            }
        });
    });
});
