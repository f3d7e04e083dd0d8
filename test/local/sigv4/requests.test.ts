import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { presign, signedFetch, signHeaders, type RequestToSign, type SignOptions } from "../../support/sign";
import { adminKeys, role, startAuthServer, type AuthServer } from "./support/authServer";

describe("authenticate: single requests", () => {
    let server: AuthServer;
    let s3: SignOptions;
    let object: string;

    before(async () => {
        server = await startAuthServer();
        s3 = { service: "s3", keys: server.keys };
        object = `${server.url}/b/k`;
    });
    after(() => server.close());
    afterEach(() => server.setClock(undefined));

    const codeOf = async (response: Promise<Response>) => {
        const answer = await response;
        await answer.arrayBuffer();
        return `${answer.status} ${answer.headers.get("x-amzn-errortype") ?? "let in"}`;
    };

    describe("changed on the way", () => {
        const sign = (request: Partial<RequestToSign> = {}) =>
            signHeaders({ method: "PUT", url: `${object}?x-id=PutObject`, body: "hello", ...request }, s3);
        const send = (
            headers: Record<string, string>,
            { url = `${object}?x-id=PutObject`, method = "PUT", body = "hello" } = {},
        ) => codeOf(fetch(url, { method, headers, body }));

        it("lets in the request that was signed", async () => {
            assert.equal(await send(sign()), "200 let in");
            assert.equal(server.last().body.toString(), "hello");
        });
        it("refuses another path", async () => {
            assert.equal(
                await send(sign(), { url: `${server.url}/b/other?x-id=PutObject` }),
                "403 SignatureDoesNotMatch",
            );
        });
        it("refuses another query", async () => {
            assert.equal(await send(sign(), { url: `${object}?x-id=PutObject&acl` }), "403 SignatureDoesNotMatch");
        });
        it("refuses another method", async () => {
            assert.equal(await send(sign(), { method: "POST" }), "403 SignatureDoesNotMatch");
        });
        it("refuses another value of a signed header", async () => {
            const headers = { ...sign({ headers: { "x-amz-acl": "private" } }), "x-amz-acl": "public-read" };
            assert.equal(await send(headers), "403 SignatureDoesNotMatch");
        });
        it("refuses an x-amz header that was not signed", async () => {
            assert.equal(await send({ ...sign(), "x-amz-tagging": "a=b" }), "403 AccessDenied");
        });
        it("refuses another body of the same length", async () => {
            assert.equal(await send(sign(), { body: "hullo" }), "400 XAmzContentSHA256Mismatch");
        });
        it("refuses a body where none was signed", async () => {
            assert.equal(await send(sign({ body: "" })), "400 XAmzContentSHA256Mismatch");
        });
        it("refuses no body where one was signed", async () => {
            assert.equal(
                await codeOf(fetch(`${object}?x-id=PutObject`, { method: "PUT", headers: sign() })),
                "400 XAmzContentSHA256Mismatch",
            );
        });
    });

    describe("presigned URLs", () => {
        const date = new Date("2026-01-31T12:00:00Z");
        const at = (seconds: number) => server.setClock(date.getTime() + seconds * 1000);
        const url = (request: Partial<RequestToSign> = {}, options: object = {}) =>
            presign(
                { url: `${object}?response-content-disposition=a%20b`, ...request },
                { ...s3, date, expires: 60, ...options },
            );

        it("hold until they expire, and not a second longer", async () => {
            at(60);
            assert.equal(await codeOf(fetch(url())), "200 let in");
            assert.deepEqual(server.last().call.principal, role);
            at(61);
            assert.equal(await codeOf(fetch(url())), "403 AccessDenied");
        });
        it("hold for a week at most", async () => {
            at(0);
            assert.equal(await codeOf(fetch(url({}, { expires: 604_800 }))), "200 let in");
            assert.equal(await codeOf(fetch(url({}, { expires: 604_801 }))), "400 AuthorizationQueryParametersError");
            assert.equal(await codeOf(fetch(url({}, { expires: 0 }))), "400 AuthorizationQueryParametersError");
        });
        it("do not hold before their time", async () => {
            at(-16 * 60);
            assert.equal(await codeOf(fetch(url())), "403 AccessDenied");
        });
        it("do not hold for another key, method or parameter", async () => {
            at(0);
            assert.equal(await codeOf(fetch(url().replace("/b/k", "/b/l"))), "403 SignatureDoesNotMatch");
            assert.equal(await codeOf(fetch(url(), { method: "DELETE" })), "403 SignatureDoesNotMatch");
            assert.equal(await codeOf(fetch(url().replace("a%20b", "evil"))), "403 SignatureDoesNotMatch");
            assert.equal(await codeOf(fetch(url().replace("Expires=60", "Expires=600"))), "403 SignatureDoesNotMatch");
        });
        it("bind the headers that were signed", async () => {
            at(0);
            const signed = url({ method: "PUT", headers: { "content-type": "text/plain" } });
            const send = (type: string) =>
                codeOf(fetch(signed, { method: "PUT", headers: { "content-type": type }, body: "any" }));
            assert.equal(await send("text/plain"), "200 let in");
            assert.equal(await send("text/html"), "403 SignatureDoesNotMatch");
        });
        it("bind the payload when they carry its checksum", async () => {
            at(0);
            const sum = encodeURIComponent(crypto.createHash("sha256").update("right").digest("base64"));
            const signed = url({ method: "PUT", url: `${object}?x-amz-checksum-sha256=${sum}` });
            assert.equal(await codeOf(fetch(signed, { method: "PUT", body: "right" })), "200 let in");
            assert.equal(await codeOf(fetch(signed, { method: "PUT", body: "wrong" })), "400 BadDigest");
        });
    });

    describe("malformed", () => {
        const scope = "20260131/us-east-1/s3/aws4_request";
        const dated = { "x-amz-date": "20260131T120000Z", "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
        const authorization = (credential: string, rest = `SignedHeaders=host, Signature=${"0".repeat(64)}`) =>
            `AWS4-HMAC-SHA256 Credential=${credential}, ${rest}`;
        const cases: [string, Record<string, string>, string][] = [
            ["an unknown algorithm", { authorization: "AWS AKIA:c2ln" }, "400 InvalidRequest"],
            [
                "a credential without a scope",
                { ...dated, authorization: authorization("AKIA") },
                "400 AuthorizationHeaderMalformed",
            ],
            [
                "a scope of another day",
                { ...dated, authorization: authorization(`A/${scope}`.replace("0131", "0130")) },
                "400 AuthorizationHeaderMalformed",
            ],
            [
                "a signature that is missing",
                { ...dated, authorization: authorization(`A/${scope}`, "SignedHeaders=host") },
                "400 AuthorizationHeaderMalformed",
            ],
            ["a date that is missing", { authorization: authorization(`A/${scope}`) }, "403 AccessDenied"],
            [
                "a date that does not exist",
                { ...dated, "x-amz-date": "20261331T120000Z", authorization: authorization(`A/${scope}`) },
                "403 AccessDenied",
            ],
            [
                "a service without S3's names",
                { ...dated, authorization: authorization(`A/${scope}`.replace("s3", "lambda")) },
                "403 InvalidSignatureException",
            ],
        ];
        for (const [what, headers, expected] of cases) {
            it(`is refused and does no harm: ${what}`, async () =>
                assert.equal(await codeOf(fetch(object, { headers })), expected));
        }
        it("is refused and does no harm: a path that is no UTF-8", async () => {
            const headers = signHeaders({ url: object, headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }, s3);
            assert.equal(await codeOf(fetch(`${server.url}/b/%ff`, { headers })), "400 InvalidURI");
        });
        it("is refused and does no harm: a presigned URL without anything but its algorithm", async () => {
            assert.equal(
                await codeOf(fetch(`${object}?X-Amz-Algorithm=AWS4-HMAC-SHA256`)),
                "400 AuthorizationQueryParametersError",
            );
        });
        it("is refused and does no harm: a signature in both places", async () => {
            const request = { url: presign({ url: object }, { ...s3, expires: 60 }) };
            assert.equal(await codeOf(signedFetch(request, s3)), "400 InvalidArgument");
        });
    });

    it("takes a request without a signature for an anonymous one to S3", async () => {
        assert.equal(await codeOf(fetch(object)), "200 let in");
        assert.deepEqual([server.last().call.principal, server.last().call.service], [{ type: "anonymous" }, "s3"]);
    });

    describe("of other services", () => {
        it("have their encoded paths encoded again", async () => {
            const url = `${server.url}/2015-03-31/functions/arn%3Aaws%3Alambda/invocations`;
            const invoke = signedFetch({ method: "POST", url, body: "{}" }, { service: "lambda", keys: adminKeys });
            assert.equal(await codeOf(invoke), "200 let in");
        });
        it("may leave out the payload's hash, which is then computed, as the AWS CLI does", async () => {
            const headers = signWithoutHash(new URL(server.url).host, "Action=GetCallerIdentity");
            const send = (body: string) => codeOf(fetch(`${server.url}/`, { method: "POST", headers, body }));
            assert.equal(await send("Action=GetCallerIdentity"), "200 let in");
            assert.equal(server.last().body.toString(), "Action=GetCallerIdentity");
            assert.equal(await send("Action=AssumeRole"), "403 SignatureDoesNotMatch");
        });
        it("are refused when the payload is not the one that was signed", async () => {
            const headers = signHeaders(
                { method: "POST", url: `${server.url}/x`, body: "{}" },
                { service: "lambda", keys: adminKeys },
            );
            const response = fetch(`${server.url}/x`, { method: "POST", headers, body: "[]" });
            assert.equal(await codeOf(response), "403 InvalidSignatureException");
        });
    });
});

function signWithoutHash(host: string, body: string): Record<string, string> {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${date.slice(0, 8)}/us-east-1/sts/aws4_request`;
    const sha256 = (text: string) => crypto.createHash("sha256").update(text).digest("hex");
    const canonical = `POST\n/\n\nhost:${host}\nx-amz-date:${date}\n\nhost;x-amz-date\n${sha256(body)}`;
    const key = scope
        .split("/")
        .reduce<Buffer>(
            (parent, part) => crypto.createHmac("sha256", parent).update(part).digest(),
            Buffer.from(`AWS4${adminKeys.secretAccessKey}`),
        );
    const signature = crypto
        .createHmac("sha256", key)
        .update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`)
        .digest("hex");
    const authorization = `AWS4-HMAC-SHA256 Credential=${adminKeys.accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
    return { "x-amz-date": date, authorization };
}
