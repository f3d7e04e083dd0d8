import * as assert from "node:assert/strict";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import { bucket, setting } from "../../support/s3Server";
import { errorOf, post, presign } from "./support/forms";
import type { Changes } from "./support/forms";
import { everything, key as kmsKey, startSignedS3 } from "./support/signedServer";
import type { SignedServer } from "./support/signedServer";

interface Refusal {
    readonly options?: Partial<PresignedPostOptions>;
    readonly changes?: Changes;
    readonly content?: string;
    readonly status: number;
    readonly error: RegExp;
}

const policyFailed = (condition: string) =>
    new RegExp(`^AccessDenied: Invalid according to Policy: Policy Condition failed: \\[${condition}\\]$`);
const range = { Conditions: [["content-length-range", 3, 5] as ["content-length-range", number, number]] };
const invalidPolicy = /^InvalidPolicyDocument: Invalid Policy: /;

const refusals: Readonly<Record<string, Refusal>> = {
    "another key": { changes: { key: "other" }, status: 403, error: policyFailed('"eq", "\\$key", "k"') },
    "a key outside the prefix": {
        options: { Key: "mine/${filename}" },
        changes: { key: "others/x" },
        status: 403,
        error: policyFailed('"starts-with", "\\$key", "mine/"'),
    },
    "a file that is too long": {
        options: range,
        content: "123456",
        status: 400,
        error: /^EntityTooLarge: Your proposed upload exceeds the maximum allowed size$/,
    },
    "a file that is too short": {
        options: range,
        content: "12",
        status: 400,
        error: /^EntityTooSmall: Your proposed upload is smaller than the minimum allowed size$/,
    },
    "another content type": {
        options: { Fields: { "Content-Type": "image/png" } },
        changes: { "Content-Type": "text/html" },
        status: 403,
        error: policyFailed('"eq", "\\$Content-Type", "image/png"'),
    },
    "a list of content types of which one does not match": {
        options: { Conditions: [["starts-with", "$Content-Type", "image/"]] },
        changes: { "Content-Type": "image/png, text/html" },
        status: 403,
        error: policyFailed('"starts-with", "\\$Content-Type", "image/"'),
    },
    "bytes that differ from the checksum": {
        options: { Fields: { "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": `${"A".repeat(43)}=` } },
        status: 400,
        error: /^BadDigest: The SHA256 you specified did not match the calculated checksum\.$/,
    },
    "a checksum of another algorithm than named": {
        options: { Fields: { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-sha256": `${"A".repeat(43)}=` } },
        status: 400,
        error: /^InvalidRequest: /,
    },
    "a form out of date": {
        options: { Expires: -1 },
        status: 403,
        error: /^AccessDenied: Invalid according to Policy: Policy expired\.$/,
    },
    "a policy that was changed": {
        changes: { Policy: Buffer.from('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}').toString("base64") },
        status: 403,
        error: /^SignatureDoesNotMatch: /,
    },
    "a signature that was changed": {
        changes: { "X-Amz-Signature": "0".repeat(64) },
        status: 403,
        error: /^SignatureDoesNotMatch: /,
    },
    "a field that the policy does not mention": {
        changes: { "x-amz-meta-foo": "1" },
        status: 403,
        error: /^AccessDenied: Invalid according to Policy: Extra input fields: x-amz-meta-foo$/,
    },
    "a checksum that the policy does not mention": {
        changes: { "x-amz-checksum-crc32": "AAAAAA==" },
        status: 403,
        error: /Extra input fields: x-amz-checksum-crc32$/,
    },
    "a form without a field that the policy wants": {
        options: { Fields: { "x-amz-meta-owner": "o1" } },
        changes: { "x-amz-meta-owner": undefined },
        status: 403,
        error: policyFailed('"eq", "\\$x-amz-meta-owner", "o1"'),
    },
    "a form without a field that may have any value": {
        options: { Conditions: [["starts-with", "$Content-Type", ""]] },
        status: 403,
        error: policyFailed('"starts-with", "\\$Content-Type", ""'),
    },
    "the token of another session": {
        changes: { "X-Amz-Security-Token": "other" },
        status: 400,
        error: /^InvalidToken: /,
    },
    "a session without its token": {
        changes: { "X-Amz-Security-Token": undefined },
        status: 403,
        error: /^InvalidAccessKeyId: /,
    },
    "a form without key": {
        changes: { key: undefined },
        status: 400,
        error: /^InvalidArgument: Bucket POST must contain a field named 'key'\.  If it is specified, please check the order of the fields\.$/,
    },
    "a policy without signature": {
        changes: { "X-Amz-Signature": undefined },
        status: 400,
        error: /^InvalidArgument: Bucket POST must contain a field named 'X-Amz-Signature'/,
    },
    "a signature without policy": {
        changes: { Policy: undefined },
        status: 400,
        error: /^InvalidArgument: Bucket POST must contain a field named 'Policy'/,
    },
    "a date that is not the credential's": {
        changes: { "X-Amz-Date": "20200101T000000Z" },
        status: 400,
        error: /^InvalidArgument: the Credential is mal-formed/,
    },
    "another bucket in the policy": {
        options: { Bucket: "other", Conditions: [] },
        status: 403,
        error: policyFailed('"eq", "\\$bucket", "other"'),
    },
    "a condition of two properties": {
        options: { Conditions: [{ acl: "private", "x-amz-meta-a": "1" }] },
        status: 400,
        error: /^InvalidPolicyDocument: Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified\.$/,
    },
    "a condition of an unknown kind": {
        options: { Conditions: [["ends-with", "$key", "k"]] as never },
        status: 400,
        error: invalidPolicy,
    },
    "a range that is none": {
        options: { Conditions: [["content-length-range", "few", 5]] as never },
        status: 400,
        error: invalidPolicy,
    },
    "a public ACL": {
        options: { Fields: { acl: "public-read" } },
        status: 400,
        error: /^AccessControlListNotSupported: /,
    },
    "a header value with a line break": {
        options: { Conditions: [["starts-with", "$Content-Disposition", ""]] },
        changes: { "Content-Disposition": "inline\r\nset-cookie: a=b" },
        status: 400,
        error: /^InvalidArgument: Invalid header value$/,
    },
    "fields of more than 20 kB": {
        changes: { "x-ignore-much": "x".repeat(20 * 1024) },
        status: 400,
        error: /^MaxPostPreDataLengthExceeded: /,
    },
};

describe("S3: forms that are refused", () => {
    let server: SignedServer;
    before(async () => {
        server = await startSignedS3();
    });
    afterEach(() => server.allow([everything]));
    after(() => server.close());
    const missing = async () => {
        await assert.rejects(server.admin.send(new HeadObjectCommand({ Bucket: "bucket", Key: "k" })), {
            name: "NotFound",
        });
        assert.deepEqual([server.blobs(), server.created], [[], []]);
    };

    for (const [what, { options, changes, content = "1234", status, error }] of Object.entries(refusals)) {
        it(`refuse ${what}, and nothing is stored`, async () => {
            const form = { ...(await presign(server, options)), url: `${server.url}/bucket` };

            const answer = await post(form, content, changes);

            assert.match(errorOf(answer.body), error);
            assert.equal(answer.status, status);
            await missing();
        });
    }

    it("tells the size of a file that is too long, however long, and the bound", async () => {
        const answer = await post(await presign(server, range), Buffer.alloc(3_000_000));
        assert.match(answer.body, /<ProposedSize>3000000<\/ProposedSize><MaxSizeAllowed>5<\/MaxSizeAllowed>/);
    });

    it("refuse a role that may no longer write the key, though its form is still good", async () => {
        const form = await presign(server);
        const mine = (Resource: string) => [{ Effect: "Allow", Action: "s3:PutObject", Resource }];

        await server.allow(mine("arn:aws:s3:::bucket/others/*"));
        const revoked = await post(form, "1234");
        await missing();
        await server.allow(mine("arn:aws:s3:::bucket/k"));
        const allowed = await post(form, "1234");

        assert.deepEqual([revoked.status, allowed.status], [403, 204]);
        assert.match(errorOf(revoked.body), /^AccessDenied: .*uploader.* is not authorized to perform: s3:PutObject/);
    });

    for (const [what, effect, blocks] of [
        ["an anonymous form without policy", "Allow", true],
        ["a role that the bucket's policy denies", "Deny", false],
    ] as const) {
        it(`refuse ${what}`, async () => {
            const declared = [bucket("bucket")];
            const statement = {
                Effect: "Deny",
                Principal: "*",
                Action: "s3:PutObject",
                Resource: "arn:aws:s3:::bucket/*",
            };
            if (effect === "Deny")
                declared.push(setting("bucketPolicy", { policy: { Version: "2012-10-17", Statement: [statement] } }));
            const other = await startSignedS3(declared);
            const { url, fields } = await presign(other);

            const answer = await post({ url, fields: blocks ? { key: "k" } : fields }, "1234");
            const left = other.blobs();
            await other.close();

            assert.deepEqual([answer.status, left], [403, []]);
            assert.match(errorOf(answer.body), /^AccessDenied: /);
        });
    }

    it("refuse a key of KMS that the role may not use", async () => {
        const Fields = {
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": kmsKey,
        };
        await server.allow([{ Effect: "Allow", Action: "s3:*", Resource: "*" }]);

        const answer = await post(await presign(server, { Key: "sealed", Fields }), "1234");

        assert.equal(answer.status, 403);
        assert.match(errorOf(answer.body), /kms:GenerateDataKey/);
    });
});
