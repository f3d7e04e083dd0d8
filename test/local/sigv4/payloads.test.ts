import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { signChunks, signedFetch, signHeaders, type SignOptions } from "../../support/sign";
import { startAuthServer, type AuthServer } from "./support/authServer";

describe("authenticate: payloads", () => {
    let server: AuthServer;
    let s3: SignOptions;
    let object: string;

    before(async () => {
        server = await startAuthServer();
        s3 = { service: "s3", keys: server.keys };
        object = `${server.url}/b/k`;
    });
    after(() => server.close());

    const codeOf = async (response: Promise<Response>) => {
        const answer = await response;
        await answer.arrayBuffer();
        return `${answer.status} ${answer.headers.get("x-amzn-errortype") ?? "let in"}`;
    };
    const put = (headers: Record<string, string>, body: string | Buffer = "hello") =>
        codeOf(signedFetch({ method: "PUT", url: object, headers, body }, s3));

    describe("checksums", () => {
        const md5 = (text: string) => crypto.createHash("md5").update(text).digest("base64");
        const cases: [string, Record<string, string>, string][] = [
            ["lets in a right Content-MD5", { "content-md5": md5("hello") }, "200 let in"],
            ["refuses a wrong Content-MD5", { "content-md5": md5("hullo") }, "400 BadDigest"],
            ["refuses a Content-MD5 that is none", { "content-md5": "aGVsbG8=" }, "400 InvalidDigest"],
            ["lets in a right CRC32", { "x-amz-checksum-crc32": "NhCmhg==" }, "200 let in"],
            ["refuses a wrong CRC32", { "x-amz-checksum-crc32": "AAAAAA==" }, "400 BadDigest"],
            ["refuses a wrong CRC64NVME", { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" }, "400 BadDigest"],
            ["refuses a CRC32 of five bytes", { "x-amz-checksum-crc32": "AAAAAAA=" }, "400 InvalidRequest"],
            [
                "refuses two checksums",
                { "x-amz-checksum-crc32": "NhCmhg==", "x-amz-checksum-crc32c": "mnG7TA==" },
                "400 InvalidRequest",
            ],
            [
                "refuses an algorithm without a checksum",
                { "x-amz-sdk-checksum-algorithm": "CRC32" },
                "400 InvalidRequest",
            ],
            ["lets in a payload that is not signed", { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }, "200 let in"],
            ["refuses a payload hash that is none", { "x-amz-content-sha256": "hello" }, "400 InvalidArgument"],
        ];
        for (const [title, headers, expected] of cases) {
            it(title, async () => assert.equal(await put(headers), expected));
        }
        it("takes those of CompleteMultipartUpload for the object's", async () => {
            const headers = { "x-amz-checksum-crc32": "AAAAAA==" };
            const complete = signedFetch({ method: "POST", url: `${object}?uploadId=u`, headers, body: "<x/>" }, s3);
            assert.equal(await codeOf(complete), "200 let in");
        });
    });

    describe("aws-chunked", () => {
        const unsigned = (length: number) => ({
            "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "x-amz-decoded-content-length": String(length),
            "x-amz-trailer": "x-amz-checksum-crc32",
        });
        const framed = (text: string, trailer: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n${trailer}`;
        const TRAILER = "x-amz-checksum-crc32:NhCmhg==\r\n\r\n";

        it("lets in chunks with a right trailer", async () => {
            assert.equal(await put(unsigned(5), framed("hello", TRAILER)), "200 let in");
            assert.equal(server.last().body.toString(), "hello");
            assert.deepEqual(server.last().call.trailers, { "x-amz-checksum-crc32": "NhCmhg==" });
        });
        const refused: [string, number, string, string][] = [
            ["a wrong trailer", 5, framed("hullo", TRAILER), "400 BadDigest"],
            ["a trailer that is missing", 5, framed("hello", "\r\n"), "400 MalformedTrailerError"],
            [
                "a trailer that was not announced",
                5,
                framed("hello", `x-evil:1\r\n${TRAILER}`),
                "400 MalformedTrailerError",
            ],
            ["more bytes than announced", 4, framed("hello", TRAILER), "400 IncompleteBody"],
            ["fewer bytes than announced", 6, framed("hello", TRAILER), "400 IncompleteBody"],
            ["an end before the last chunk", 5, "5\r\nhello\r\n", "400 IncompleteBody"],
            ["a size that is no number", 5, "-5\r\nhello\r\n", "400 IncompleteBody"],
            ["a chunk longer than its size", 5, "4\r\nhello\r\n0\r\n\r\n", "400 IncompleteBody"],
        ];
        for (const [what, length, body, expected] of refused) {
            it(`refuses ${what}`, async () => assert.equal(await put(unsigned(length), body), expected));
        }
        it("refuses chunks without their decoded length", async () => {
            assert.equal(
                await put({ "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" }),
                "411 MissingContentLength",
            );
        });

        for (const trailers of [undefined, { "x-amz-checksum-crc32": "NhCmhg==" }]) {
            const kind = trailers ? "signed chunks with a signed trailer" : "signed chunks";
            const sendSigned = (change: (body: Buffer) => Buffer) => {
                const options = { ...s3, date: new Date() };
                const headers = signHeaders(
                    {
                        method: "PUT",
                        url: object,
                        headers: {
                            "x-amz-content-sha256": `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailers ? "-TRAILER" : ""}`,
                            "x-amz-decoded-content-length": "5",
                            ...(trailers && { "x-amz-trailer": "x-amz-checksum-crc32" }),
                        },
                    },
                    options,
                );
                const chunks = [Buffer.from("hel"), Buffer.from("lo")];
                const body = change(
                    signChunks(chunks, headers.authorization, { ...options, ...(trailers && { trailers }) }),
                );
                return codeOf(fetch(object, { method: "PUT", headers, body }));
            };
            it(`lets in ${kind}`, async () => {
                assert.equal(await sendSigned((body) => body), "200 let in");
                assert.equal(server.last().body.toString(), "hello");
            });
            it(`refuses ${kind} when a byte was changed`, async () => {
                const swap = (body: Buffer) =>
                    Buffer.from(body.toString("latin1").replace("\r\nlo\r\n", "\r\nla\r\n"), "latin1");
                assert.equal(await sendSigned(swap), "403 SignatureDoesNotMatch");
            });
            it(`refuses ${kind} when the last signature was changed`, async () => {
                const spoil = (body: Buffer) =>
                    Buffer.from(body.toString("latin1").replace(/[0-9a-f]{64}(?=\s*$)/, "0".repeat(64)), "latin1");
                assert.equal(await sendSigned(spoil), "403 SignatureDoesNotMatch");
            });
        }
    });
});
