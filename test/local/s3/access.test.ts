import * as assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import * as s3 from "@aws-sdk/client-s3";
import type { AccessRequest } from "../../../local/iam/types";
import { bucket, customerKey, setting, startS3 } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

const Bucket = "bucket";
const publicRead = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" }],
};
const unblocked = {
    blockPublicAcls: false,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
};

describe("S3: who may do what", () => {
    let server: S3Server;
    afterEach(() => server.close());
    const put = (Key: string, more: Partial<s3.PutObjectCommandInput> = {}) =>
        server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: "x", ...more }));
    const open = (agent: http.Agent, method: string, target: string, headers: http.OutgoingHttpHeaders = {}) =>
        http.request(server.url + target, { method, agent, headers: { authorization: "AWS4 test", ...headers } });
    const statusOf = async (request: http.ClientRequest) => {
        const [answer] = (await once(request, "response")) as [http.IncomingMessage];
        await once(answer.resume(), "end");
        return answer.statusCode;
    };
    const asked = (action: string): AccessRequest => {
        const found = server.questions.find((question) => question.action === action);
        assert.ok(found, `${action} was not asked for`);
        return found;
    };

    it("deletes of many keys those that the caller may delete, and names the others", async () => {
        server = await startS3();
        await put("mine/1");
        await put("others/1");
        server.deny = ({ resource }) => resource.endsWith("/others/1");
        const Objects = [{ Key: "mine/1" }, { Key: "others/1" }, { Key: "missing" }];

        const { Deleted, Errors } = await server.client.send(
            new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
        );

        assert.deepEqual(Deleted, [{ Key: "mine/1" }, { Key: "missing" }]);
        assert.deepEqual(
            Errors?.map(({ Key, Code }) => [Key, Code]),
            [["others/1", "AccessDenied"]],
        );
        assert.equal((await server.send("GET", "/bucket/mine/1")).status, 404);
        server.deny = () => false;
        assert.equal((await server.send("GET", "/bucket/others/1")).status, 200);
    });

    it("says nothing of deleted keys when asked to be quiet, and refuses a body without a checksum", async () => {
        server = await startS3();
        await put("a&<b>");
        const Delete = { Objects: [{ Key: "a&<b>" }], Quiet: true };
        const xml = "<Delete><Object><Key>a</Key></Object></Delete>";

        const quiet = await server.client.send(new s3.DeleteObjectsCommand({ Bucket, Delete }));
        const unchecked = await server.send("POST", "/bucket?delete", { body: xml });

        assert.deepEqual([quiet.Deleted, quiet.Errors], [undefined, undefined]);
        assert.equal((await server.send("GET", "/bucket/a%26%3Cb%3E")).status, 404);
        assert.match(unchecked.body, /<Code>InvalidRequest<\/Code>/);
    });

    for (const body of [
        "",
        "<Delete>",
        "<Delete></Delete>",
        "<Other/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><Delete/>',
        "<Delete>&b;</Delete>",
    ]) {
        it(`refuses ${JSON.stringify(body)} as MalformedXML`, async () => {
            server = await startS3();
            const answer = await server.send("POST", "/bucket?delete", {
                body,
                headers: { "x-amz-checksum-crc32": "AAAAAA==" },
            });
            assert.equal(answer.status, 400);
            assert.match(answer.body, /<Code>MalformedXML<\/Code>/);
        });
    }

    for (const [why, prepare] of [
        ["the policies", async () => void (server.deny = ({ action }) => action === "s3:PutObject")],
        ["the object that is there", async () => void (await put("k"))],
    ] as const) {
        it(`refuses by ${why} before the body is there, and the connection serves the next call`, async () => {
            server = await startS3();
            await prepare();
            const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

            const refused = open(agent, "PUT", "/bucket/k", { "content-length": 1024 * 1024, "if-none-match": "*" });
            refused.flushHeaders();
            const status = await statusOf(refused);
            refused.end(Buffer.alloc(1024 * 1024));
            await once(refused, "close");
            const next = open(agent, "HEAD", "/bucket/missing");

            assert.ok(status === 403 || status === 412);
            assert.deepEqual([await statusOf(next.end()), next.reusedSocket], [404, true]);
            agent.destroy();
        });
    }

    it("reads what is left of a body that it refused half-way, so that the connection serves the next call", async () => {
        server = await startS3();
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        const body = Buffer.alloc(12 * 1024 * 1024, " ");

        const refused = open(agent, "POST", "/bucket?delete", { "content-length": body.length });
        const closed = once(refused, "close");
        const status = await statusOf(refused.end(body));
        await closed;
        const next = open(agent, "HEAD", "/bucket/missing");

        assert.deepEqual([status, await statusOf(next.end()), next.reusedSocket], [400, 404, true]);
        agent.destroy();
    });

    it("asks about a write with the headers that it has, and without those that it has not", async () => {
        server = await startS3();

        await put("k", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: customerKey, Tagging: "class=a%20b" });

        const { context = {} } = asked("s3:PutObject");
        assert.equal(context["s3:x-amz-server-side-encryption"], "aws:kms");
        assert.equal(context["s3:x-amz-server-side-encryption-aws-kms-key-id"], customerKey);
        assert.equal(context["s3:ObjectCreationOperation"], "true");
        assert.equal(context["s3:RequestObjectTag/class"], "a b");
        assert.deepEqual(context["s3:RequestObjectTagKeys"], ["class"]);
        assert.equal(context["s3:ResourceAccount"], "123456789012");
        assert.equal("s3:if-none-match" in context, false);
        assert.equal("s3:x-amz-acl" in context, false);
        assert.ok(asked("s3:PutObjectTagging"));
    });

    it("asks about a list with its prefix, delimiter and page size", async () => {
        server = await startS3();

        await server.client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: "p/", Delimiter: "/", MaxKeys: 5 }));

        const { context = {}, resource } = asked("s3:ListBucket");
        assert.equal(resource, "arn:aws:s3:::bucket");
        assert.deepEqual([context["s3:prefix"], context["s3:delimiter"], context["s3:max-keys"]], ["p/", "/", "5"]);
    });

    it("asks about a read with the tags that the object has", async () => {
        server = await startS3();
        await put("k", { Tagging: "class=secret" });
        server.deny = ({ context }) => context?.["s3:ExistingObjectTag/class"] === "secret";

        await assert.rejects(server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k" })), {
            name: "AccessDenied",
        });
    });

    it("wants s3:PutObjectAcl for an ACL, and takes none but the owner's where ACLs are off", async () => {
        server = await startS3();
        server.deny = ({ action }) => action === "s3:PutObjectAcl";
        await assert.rejects(put("k", { ACL: "bucket-owner-full-control" }), { name: "AccessDenied" });

        server.deny = () => false;
        await put("k", { ACL: "bucket-owner-full-control" });
        await assert.rejects(put("k", { ACL: "public-read" }), { name: "AccessControlListNotSupported" });
    });

    it("binds a key's use to the object where there is no bucket key, and to no key for aws/s3", async () => {
        const rule = {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/customer" },
        };
        server = await startS3([bucket(Bucket), setting("bucketServerSideEncryptionConfiguration", { rules: [rule] })]);

        const { BucketKeyEnabled } = await put("k");
        await server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k" }));
        await put("managed", { ServerSideEncryption: "aws:kms" });

        assert.equal(BucketKeyEnabled, undefined);
        assert.deepEqual(
            server.keyUses.map(({ action, keyId, encryptionContext }) => [
                action,
                keyId,
                encryptionContext["aws:s3:arn"],
            ]),
            ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => [action, customerKey, "arn:aws:s3:::bucket/k"]),
        );
    });

    it("answers a key that nobody declared with KMS.NotFoundException", async () => {
        server = await startS3();
        const unknown = put("k", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "alias/unknown" });
        await assert.rejects(unknown, { name: "KMS.NotFoundException" });
    });

    it("refuses a public policy, unless the block of public policies is turned off", async () => {
        server = await startS3();
        const declared = [bucket(Bucket), setting("bucketPolicy", { policy: JSON.stringify(publicRead) })];

        await assert.rejects(startS3(declared), /public policies are prevented by the BlockPublicPolicy setting/);
        await (await startS3([...declared, setting("bucketPublicAccessBlock", unblocked)])).close();
    });

    it("lets no anonymous caller in by a public policy where public buckets are restricted", async () => {
        const declared = [bucket(Bucket), setting("bucketPolicy", { policy: publicRead })];
        server = await startS3([...declared, setting("bucketPublicAccessBlock", unblocked)]);
        await put("k");
        const anonymous = async () => (await server.send("GET", "/bucket/k", { anonymous: true })).status;
        assert.equal(await anonymous(), 200);
        await server.close(true);

        const restricted = setting("bucketPublicAccessBlock", { ...unblocked, restrictPublicBuckets: true });
        server = await startS3([...declared, restricted], server.dataDir);

        assert.equal(await anonymous(), 403);
        assert.equal((await server.send("GET", "/bucket/k")).status, 200);
    });
});
