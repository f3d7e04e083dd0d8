import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as zlib from "node:zlib";
import { send, startStack, type Stack } from "./support/stack";

describe("EventIngest over HTTP", () => {
    let stack: Stack;
    before(async () => {
        stack = await startStack();
    });
    after(() => stack.end());

    it("answers with a receipt when the event is in S3, kept as sent and stamped", async () => {
        const body = '{"event_name":"paid","amount":12345678901234567890.10,"deep":{"ü":[1e2,"\\u00e9"]}}';

        const { status, json, headers } = await stack.post(body);

        assert.equal(status, 200);
        assert.deepEqual(json, {
            message: "Successfully processed 1 event(s)",
            events_count: 1,
            batch_id: json.batch_id,
            duplicate: false,
            rejected: [],
        });
        const [key] = (await stack.keys("events/")).filter((name) => name.includes(json.batch_id));
        assert.match(
            key,
            /^events\/year=\d{4}\/month=\d\d\/day=\d\d\/hour=\d\d\/events_[0-9a-f-]{36}-[0-9a-f]{16}\.json\.gz$/,
        );
        const { Body, Metadata } = await getObject(stack, key);
        const line = zlib.gunzipSync(await Body!.transformToByteArray()).toString();
        assert.ok(line.startsWith(body.slice(0, -1)), "digit for digit");
        const { event_time, received_at, batch_id, client_id } = JSON.parse(line) as Record<string, string>;
        assert.deepEqual([batch_id, client_id], [json.batch_id, "local"]);
        assert.equal(event_time, received_at);
        assert.equal(Metadata!["request-id"], headers.get("x-request-id"));
    });

    it("names its object by client and body, in the partition of the batch's own time", async () => {
        const id = uuidv7(Date.now() - 3 * 3_600_000);
        const body = '[{"a":1},{"b":2}]';

        const { json } = await stack.post(body, { "idempotency-key": id });

        const tag = crypto.createHash("sha256").update(`local\0${body}`).digest("hex").slice(0, 16);
        const [year, month, day, hour] = new Date(Date.now() - 3 * 3_600_000).toISOString().split(/[-T:]/);
        assert.equal(json.batch_id, id);
        assert.deepEqual(await stack.keys(`events/year=${year}/month=${month}/day=${day}/hour=${hour}/`), [
            `events/year=${year}/month=${month}/day=${day}/hour=${hour}/events_${id}-${tag}.json.gz`,
        ]);
    });

    it("answers a repeat as a duplicate and writes nothing, and keeps the same id of another client or body apart", async () => {
        const id = uuidv7(Date.now());
        const headers = { "idempotency-key": id };
        const count = async () => (await stack.keys("events/")).filter((key) => key.includes(id)).length;

        const first = await stack.post('{"a":1}', headers);
        const repeat = await stack.post('{"a":1}', headers);
        assert.deepEqual(
            [first.json.duplicate, repeat.status, repeat.json.duplicate, await count()],
            [false, 200, true, 1],
        );

        const otherBody = await stack.post('{"a":2}', headers);
        const otherClient = await stack.post('{"a":1}', { ...headers, "x-auth-token": stack.localTokenOther });
        assert.deepEqual([otherBody.json.duplicate, otherClient.json.duplicate, await count()], [false, false, 3]);
    });

    it("takes the same events packed by gzip, and knows them for a repeat of the plain ones", async () => {
        const headers = { "idempotency-key": uuidv7(Date.now()) };
        const body = '[{"event_name":"é"}]';

        const packed = await stack.post(zlib.gzipSync(body), { ...headers, "content-encoding": "gzip" });
        const plain = await stack.post(body, headers);

        assert.deepEqual([packed.status, packed.json.duplicate, plain.json.duplicate], [200, false, true]);
    });

    it("stores the good events of a batch and lists the bad ones, which lie under rejected/ with the reason", async () => {
        const batch = [{ event_name: "ok" }, { event_time: "yesterday", user_id: "" }, 7, {}, { properties: [] }];

        const { status, json } = await stack.post(JSON.stringify(batch));

        assert.deepEqual([status, json.events_count], [200, 1]);
        assert.deepEqual(
            json.rejected.map(({ index, path }: { index: number; path: string }) => [index, path]),
            [
                [1, "user_id"],
                [1, "event_time"],
                [2, ""],
                [3, ""],
                [4, "properties"],
            ],
        );
        const [key] = (await stack.keys("rejected/")).filter((name) => name.includes(json.batch_id));
        const lines = await stack.lines(key);
        assert.deepEqual(
            lines.map(({ index, raw, client_id }) => [index, JSON.parse(raw as string), client_id]),
            [
                [1, batch[1], "local"],
                [2, 7, "local"],
                [3, {}, "local"],
                [4, { properties: [] }, "local"],
            ],
        );
    });

    it("answers 400 with the receipt when all events are bad, and leaves the idempotency key free", async () => {
        const headers = { "idempotency-key": uuidv7(Date.now()) };

        const bad = await stack.post('[{"event_time":1}]', headers);
        const good = await stack.post('[{"event_time":"2026-01-01T00:00:00Z"}]', headers);

        assert.deepEqual([bad.status, bad.json.events_count, bad.json.rejected.length], [400, 0, 1]);
        assert.deepEqual([good.status, good.json.duplicate], [200, false]);
    });

    it("refuses a missing, a wrong and an empty token with the contract's words, and echoes nothing", async () => {
        for (const token of [undefined, "", "wrong", stack.localToken.slice(1)]) {
            const { status, json, text } = await send(`${stack.eventIngestUrl}/events`, {
                method: "POST",
                headers: {
                    "content-type": "application/json",
                    ...(token === undefined ? {} : { "x-auth-token": token }),
                },
                body: '{"secret_field":"s3cr3t"}',
            });

            assert.equal(status, 401);
            assert.deepEqual(json, {
                message: "Unauthorized: Invalid or missing authentication token",
                code: "UNAUTHORIZED",
            });
            assert.ok(!text.includes("s3cr3t"));
        }
    });

    const refused: [string, number, string, string | Uint8Array, Record<string, string>][] = [
        ["JSON that is none", 400, "INVALID_JSON", "{", {}],
        ["an empty batch", 400, "EMPTY_BATCH", "[]", {}],
        ["501 events", 400, "TOO_MANY_EVENTS", JSON.stringify(Array(501).fill({ a: 1 })), {}],
        ["a text", 400, "INVALID_BODY", '"event"', {}],
        ["no body", 400, "INVALID_JSON", "", {}],
        ["bytes that are no UTF-8", 400, "INVALID_UTF8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), {}],
        ["more than 1 MiB as sent", 413, "PAYLOAD_TOO_LARGE", JSON.stringify({ a: "x".repeat(1024 * 1024) }), {}],
        [
            "more than 5 MiB unpacked",
            413,
            "PAYLOAD_TOO_LARGE",
            zlib.gzipSync(JSON.stringify({ a: "x".repeat(5 * 1024 * 1024) })),
            { "content-encoding": "gzip" },
        ],
        ["gzip that is none", 400, "INVALID_GZIP", "{}", { "content-encoding": "gzip" }],
        ["another encoding", 415, "UNSUPPORTED_CONTENT_ENCODING", "{}", { "content-encoding": "br" }],
        ["another content type", 415, "UNSUPPORTED_CONTENT_TYPE", "{}", { "content-type": "text/plain" }],
        [
            "an idempotency key that is no UUIDv7",
            400,
            "INVALID_IDEMPOTENCY_KEY",
            '{"a":1}',
            { "idempotency-key": crypto.randomUUID() },
        ],
        [
            "an idempotency key of yesterday",
            400,
            "INVALID_IDEMPOTENCY_KEY",
            '{"a":1}',
            { "idempotency-key": uuidv7(Date.now() - 25 * 3_600_000) },
        ],
        [
            "an idempotency key of the future",
            400,
            "INVALID_IDEMPOTENCY_KEY",
            '{"a":1}',
            { "idempotency-key": uuidv7(Date.now() + 60 * 60_000) },
        ],
    ];
    for (const [what, status, code, body, headers] of refused) {
        it(`refuses ${what} with ${status} ${code}, and stores nothing`, async () => {
            const before = await stack.keys("");

            const reply = await stack.post(body, headers);

            assert.deepEqual([reply.status, reply.json.code], [status, code]);
            assert.ok(reply.headers.get("x-request-id"));
            assert.deepEqual(await stack.keys(""), before);
        });
    }

    it("takes a full batch of 500 events and 5 MiB", async () => {
        const events = Array.from({ length: 500 }, (_, index) => ({ index, text: "x".repeat(10_400) }));

        const { status, json } = await stack.post(zlib.gzipSync(JSON.stringify(events)), {
            "content-encoding": "gzip",
        });

        assert.deepEqual([status, json.events_count], [200, 500]);
    });

    it("answers a preflight with every header that it reads", async () => {
        const { status, headers } = await send(`${stack.eventIngestUrl}/events`, {
            method: "OPTIONS",
            headers: { origin: "https://page.example", "access-control-request-method": "POST" },
        });

        assert.equal(status, 204);
        assert.equal(headers.get("access-control-allow-origin"), "*");
        assert.equal(
            headers.get("access-control-allow-headers"),
            "Content-Type, X-Amz-Date, Authorization, X-Api-Key, X-Amz-Security-Token, X-Auth-Token, Idempotency-Key, Content-Encoding",
        );
    });

    it("describes itself to anyone at /openapi.json", async () => {
        const { status, json } = await send(`${stack.eventIngestUrl}/openapi.json`);

        assert.equal(status, 200);
        assert.deepEqual(Object.keys(json.paths), ["/events", "/openapi.json"]);
    });

    it("loses and overwrites nothing of 200 batches that come at once", async () => {
        const sent = Array.from({ length: 200 }, (_, index) => `concurrent-${index}`);

        const replies = await Promise.all(sent.map((event_name) => stack.post(JSON.stringify({ event_name }))));

        assert.ok(
            replies.every(({ status }) => status === 200),
            [...new Set(replies.map(({ text }) => text.slice(0, 80)))].join(),
        );
        const ids = new Set(replies.map(({ json }) => json.batch_id as string));
        const stored = (await stack.keys("events/")).filter((key) => ids.has(/events_(.{36})/.exec(key)![1]));
        const names = (await Promise.all(stored.map((key) => stack.lines(key))))
            .flat()
            .map(({ event_name }) => event_name);
        assert.deepEqual(names.sort(), sent.sort());
    });

    it("lets exactly one of 50 equal requests at once write, and tells the others so", async () => {
        const headers = { "idempotency-key": uuidv7(Date.now()) };

        const replies = await Promise.all(Array.from({ length: 50 }, () => stack.post('{"race":true}', headers)));

        assert.ok(replies.every(({ status }) => status === 200));
        assert.equal(replies.filter(({ json }) => json.duplicate === false).length, 1);
    });

    it("logs one line for each request with its id and client, and never a token", async () => {
        const { headers } = await stack.post('{"event_name":"logged"}');
        const { readLogs } = await import("../../../local/services/logs/read");
        const id = headers.get("x-request-id")!;

        const options = { follow: true, filter: id, signal: AbortSignal.timeout(5_000) };
        for await (const { line } of readLogs(`${stack.stateFolder}/dev`, "events-ingest", options)) {
            assert.ok(!line.includes(stack.localToken));
            if (line.includes('"route":"POST /events"')) {
                assert.match(line, /"client":"local"/);
                return;
            }
        }
        assert.fail("no line for the request");
    });
});

async function getObject(stack: Stack, Key: string) {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    return stack.s3().send(new GetObjectCommand({ Bucket: stack.eventBucket, Key }));
}

function uuidv7(time: number): string {
    const hex = time.toString(16).padStart(12, "0") + `7${crypto.randomBytes(10).toString("hex").slice(0, 19)}`;
    return hex.replace(/^(.{8})(.{4})(.{4}).(.{3})(.{12})$/, "$1-$2-$3-8$4-$5");
}
