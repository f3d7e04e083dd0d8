import * as assert from "node:assert/strict";
import * as zlib from "node:zlib";
import { bothForms } from "../../support/bothForms";
import { startFakeS3, type FakeS3 } from "../../support/fakeS3";
import { ingestEnv, ingestSource, onlyObject, post, tokens } from "../../support/ingest";
import type { RunningHandler } from "../../support/invoke";

const MIB = 1024 * 1024;
const unauthorized = '{"message":"Unauthorized: Invalid or missing authentication token","code":"UNAUTHORIZED"}';

bothForms("EventIngest's door", ingestSource, (start) => {
    let s3: FakeS3;
    let api: RunningHandler;
    before(async () => {
        s3 = await startFakeS3();
        api = await start(ingestEnv(s3));
    });
    beforeEach(() => s3.reset());
    after(() => s3.stop());

    /** Sends what must be refused, and checks what all refusals have in common. */
    async function refusal(request: Parameters<RunningHandler["invoke"]>[0]) {
        const answer = await api.invoke({ ...request, requestId: "r-refused" });
        assert.equal(answer.headers["x-request-id"], "r-refused");
        assert.equal(answer.headers["content-type"], "application/json");
        assert.equal(typeof answer.body.message, "string");
        assert.equal(s3.puts.length, 0, "nothing may be stored");
        return answer;
    }

    describe("tokens", () => {
        it("knows a client by each of its live tokens, and clients apart", async () => {
            for (const [token, client] of [
                [tokens.web, "web"],
                [tokens.webOther, "web"],
                [tokens.shop, "shop"],
            ]) {
                s3.reset();

                const answer = await api.invoke(post({ a: 1 }, { "X-Auth-Token": token }));

                assert.equal(answer.status, 200);
                assert.equal(JSON.parse(onlyObject(s3, "events/").lines[0]).client_id, client);
            }
        });

        it("reads the header's name in any case", async () => {
            const { status } = await api.invoke({ ...post({ a: 1 }), headers: { "x-AUTH-token": tokens.web } });

            assert.equal(status, 200);
        });

        for (const [what, headers] of Object.entries<Record<string, string>>({
            "no token": {},
            "an empty token": { "x-auth-token": "" },
            "an unknown token": { "x-auth-token": "token-web-3" },
            "a token with a space more": { "x-auth-token": `${tokens.web} ` },
            "a digest for a token": { "x-auth-token": "0".repeat(64) },
            "a token in another header": { authorization: `Bearer ${tokens.web}` },
        })) {
            it(`refuses ${what} with 401, before it reads the body`, async () => {
                const answer = await refusal({ ...post("not json"), headers });

                assert.deepEqual([answer.status, answer.text], [401, unauthorized]);
            });
        }

        it("writes a token into no log and no answer", async () => {
            const sent = [post({ a: 1 }), post("nonsense"), post({ a: 1 }, { "X-Auth-Token": "wrong-secret-token" })];

            const answers = await Promise.all([api.invoke(sent[0])]);
            answers.push(await api.invoke(sent[1]), await api.invoke(sent[2]));

            for (const { output, text, headers } of answers) {
                assert.doesNotMatch(output + text + JSON.stringify(headers), /token-web-1|wrong-secret-token|wJalr/);
                assert.match(output, /requestId/);
            }
        });

        it("does not start with digests that are none, and names the variable but not its value", async () => {
            for (const CLIENTS of ['{"web":["secret-not-digest"]}', "secret{", '["secret"]']) {
                await assert.rejects(start({ ...ingestEnv(s3), CLIENTS }), ({ message }: Error) => {
                    assert.match(message, /CLIENTS/);
                    assert.doesNotMatch(message, /secret/);
                    return true;
                });
            }
        });
    });

    describe("bodies", () => {
        it("takes the same event plain, in base64 and packed, under one tag", async () => {
            const json = '{"name":"žluťoučký 🦊"}';
            const key = "Idempotency-Key";
            const id = (await api.invoke(post(json))).body.batch_id as string;
            const sent = [
                post(Buffer.from(json), { [key]: id }),
                post(zlib.gzipSync(json), { [key]: id, "content-ENCODING": "GZIP" }),
            ];

            for (const request of sent) {
                const { status, body } = await api.invoke(request);
                assert.deepEqual([status, body.duplicate, body.events_count], [200, true, 1]);
            }
        });

        for (const contentType of [
            "application/json",
            "application/json; charset=utf-8",
            'Application/JSON;charset="UTF-8"',
        ]) {
            it(`takes the content type ${contentType}`, async () => {
                assert.equal((await api.invoke(post({ a: 1 }, { "Content-Type": contentType }))).status, 200);
            });
        }

        for (const contentType of [
            "text/plain",
            "application/xml",
            "application/json; charset=iso-8859-1",
            "application/jsonx",
        ]) {
            it(`refuses the content type ${contentType} with 415`, async () => {
                const { status, body } = await refusal(post({ a: 1 }, { "content-type": contentType }));

                assert.deepEqual([status, body.code], [415, "UNSUPPORTED_CONTENT_TYPE"]);
            });
        }

        for (const encoding of ["br", "deflate", "gzip, gzip", "zstd"]) {
            it(`refuses the content encoding ${encoding} with 415`, async () => {
                const { status, body } = await refusal(post({ a: 1 }, { "content-encoding": encoding }));

                assert.deepEqual([status, body.code], [415, "UNSUPPORTED_CONTENT_ENCODING"]);
            });
        }

        it("takes 1 MiB as sent, and refuses a byte more with 413", async () => {
            const event = (bytes: number) => `{"a":"${"x".repeat(bytes - 8)}"}`;

            assert.equal((await api.invoke(post(event(MIB)))).status, 200);
            s3.reset();
            for (const body of [event(MIB + 1), Buffer.from(event(MIB + 1))]) {
                const { status, body: answered } = await refusal(post(body));
                assert.deepEqual([status, answered.code], [413, "PAYLOAD_TOO_LARGE"]);
            }
        });

        it("counts bytes, not characters", async () => {
            const { status } = await refusal(post(`{"a":"${"ž".repeat(MIB / 2)}"}`));

            assert.equal(status, 413);
        });

        it("takes 5 MiB unpacked, and refuses a byte more with 413", async () => {
            const event = (bytes: number) => zlib.gzipSync(`{"a":"${"x".repeat(bytes - 8)}"}`);
            const packed = { "content-encoding": "gzip" };

            assert.equal((await api.invoke(post(event(5 * MIB), packed))).status, 200);
            s3.reset();
            const { status, body } = await refusal(post(event(5 * MIB + 1), packed));
            assert.deepEqual([status, body.code], [413, "PAYLOAD_TOO_LARGE"]);
        });

        it("refuses a gzip bomb without unpacking it, whatever size the bomb says it has", async () => {
            const bomb = zlib.gzipSync(Buffer.alloc(600 * MIB), { level: 9 });
            const liar = Buffer.from(bomb);
            liar.writeUInt32LE(10, liar.length - 4);
            const fresh = await start(ingestEnv(s3));

            for (const body of [bomb, liar]) {
                const answer = await fresh.invoke(post(body, { "content-encoding": "gzip" }));

                assert.deepEqual([answer.status, answer.body.code], [413, "PAYLOAD_TOO_LARGE"]);
                assert.ok(answer.peakBytes < 200 * MIB, `${answer.peakBytes} bytes`);
            }
        });

        it("refuses damaged gzip data with 400", async () => {
            const packed = zlib.gzipSync('{"a":"some text that takes a few bytes"}');
            const corrupt = Buffer.from(packed);
            corrupt[20] ^= 0xff;
            const bodies = [
                packed.subarray(0, -9),
                packed.subarray(0, 5),
                corrupt,
                Buffer.from('{"a":1}'),
                Buffer.alloc(0),
            ];

            for (const body of bodies) {
                const { status, body: answered } = await refusal(post(body, { "content-encoding": "gzip" }));
                assert.deepEqual([status, answered.code], [400, "INVALID_GZIP"]);
            }
        });

        it("refuses bytes that are not UTF-8 with 400", async () => {
            const { status, body } = await refusal(post(Buffer.from('{"a":"\xe9"}', "latin1")));

            assert.deepEqual([status, body.code], [400, "INVALID_UTF8"]);
        });

        for (const text of [
            undefined,
            "",
            " ",
            "{",
            '{"secret":}',
            '[{"a":1},]',
            '[{"a":1}',
            '{"a":1}]',
            "[1],[2]",
            "nonsense",
            "{}{}",
            '[,{"a":1}]',
            "[",
            "]",
            '{"a":01}',
        ]) {
            it(`refuses ${text ?? "no body"} with 400 as no JSON`, async () => {
                const { status, body, text: answered } = await refusal(post(text));

                assert.deepEqual([status, body.code], [400, "INVALID_JSON"]);
                assert.ok(!answered.includes("secret"));
            });
        }

        for (const text of ["null", "true", "17", '"secret"']) {
            it(`refuses ${text} with 400, as it is no event`, async () => {
                const { status, body } = await refusal(post(text));

                assert.deepEqual([status, body.code], [400, "INVALID_BODY"]);
            });
        }
    });

    describe("routes", () => {
        it("lets a preflight for POST /events pass, with every header of the contract", async () => {
            const headers = { Origin: "https://app.example", "Access-Control-Request-Method": "POST" };

            const answer = await api.invoke({ method: "OPTIONS", path: "/events", headers });

            assert.equal(answer.status, 204);
            assert.equal(answer.headers["access-control-allow-origin"], "https://app.example");
            assert.equal(answer.headers["access-control-allow-methods"], "POST, OPTIONS");
            assert.equal(
                answer.headers["access-control-allow-headers"],
                "Content-Type, X-Amz-Date, Authorization, X-Api-Key, X-Amz-Security-Token, X-Auth-Token, Idempotency-Key, Content-Encoding",
            );
        });

        it("serves its description without a token", async () => {
            const { status, text } = await api.invoke({ path: "/openapi.json" });

            assert.deepEqual([status, text], [200, ingestSource.args[0]]);
        });

        it("answers 405 to GET /events with Allow, and 404 elsewhere", async () => {
            const wrong = await api.invoke({ path: "/events" });
            const missing = await api.invoke({ method: "POST", path: "/event" });

            assert.deepEqual([wrong.status, wrong.headers.allow], [405, "POST, OPTIONS"]);
            assert.equal(missing.status, 404);
        });
    });
});
