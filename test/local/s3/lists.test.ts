import * as assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import { bucket, startS3, versioning } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

const Bucket = "bucket";

describe("S3: lists and versions", () => {
    let server: S3Server;
    afterEach(() => server.close());
    const put = (Key: string, Body = "x") => server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body }));
    const remove = (Key: string, VersionId?: string) =>
        server.client.send(new s3.DeleteObjectCommand({ Bucket, Key, VersionId }));
    const list = (more: Partial<s3.ListObjectsV2CommandInput> = {}) =>
        server.client.send(new s3.ListObjectsV2Command({ Bucket, ...more }));
    const keysOf = ({ Contents = [] }: { Contents?: s3._Object[] }) => Contents.map(({ Key }) => Key);

    it("rolls up 3000 keys under 30 prefixes page by page, each prefix once", async () => {
        server = await startS3();
        const names = Array.from({ length: 3000 }, (_, index) => `day=${String(index % 30).padStart(2, "0")}/${index}`);
        for (let start = 0; start < names.length; start += 100) {
            await Promise.all(
                names.slice(start, start + 100).map((name) => server.send("PUT", `/bucket/${name}`, { body: "x" })),
            );
        }

        const pages: string[] = [];
        let token: string | undefined;
        do {
            const page = await list({ Delimiter: "/", MaxKeys: 7, ContinuationToken: token });
            assert.equal(page.KeyCount, page.CommonPrefixes?.length);
            pages.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => String(Prefix)));
            token = page.NextContinuationToken;
        } while (token !== undefined);

        assert.deepEqual(pages, [...new Set(names.map((name) => name.replace(/\d+$/, "")))].sort());
        const whole = await list();
        assert.deepEqual([whole.KeyCount, whole.IsTruncated], [1000, true]);
    });

    it("starts after a key, and lists nothing for no keys at all", async () => {
        server = await startS3();
        for (const key of ["a", "b", "c"]) await put(key);

        assert.deepEqual(keysOf(await list({ StartAfter: "a" })), ["b", "c"]);
        assert.deepEqual(keysOf(await list({ StartAfter: "aa", Prefix: "c" })), ["c"]);
        const none = await list({ MaxKeys: 0 });
        assert.deepEqual([none.KeyCount, none.IsTruncated], [0, false]);
    });

    it("pages the old list by NextMarker, which a delimiter gives", async () => {
        server = await startS3();
        for (const key of ["a/1", "a/2", "b/1", "c"]) await put(key);
        const page = (Marker?: string) =>
            server.client.send(new s3.ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 1, Marker }));

        const first = await page();
        const second = await page(first.NextMarker);
        const third = await page(second.NextMarker);

        const prefixes = [first, second].map(({ CommonPrefixes }) => CommonPrefixes?.[0].Prefix);
        assert.deepEqual(prefixes, ["a/", "b/"]);
        assert.deepEqual([keysOf(third), third.IsTruncated], [["c"], false]);
    });

    it("encodes names for encoding-type=url as a form does, but for the slash", async () => {
        server = await startS3();
        await put("a b/c+d~(é)*'!");

        const { Contents = [], EncodingType } = await list({ EncodingType: "url" });

        assert.deepEqual([EncodingType, Contents[0].Key], ["url", "a+b/c%2Bd%7E%28%C3%A9%29*%27%21"]);
    });

    for (const query of ["max-keys=-1", "max-keys=x", "encoding-type=base64", "continuation-token=AAAA"]) {
        it(`refuses ${query}`, async () => {
            server = await startS3();
            const { status, body } = await server.send("GET", `/bucket?list-type=2&${query}`);
            assert.equal(status, 400);
            assert.match(body, /<Code>InvalidArgument<\/Code>/);
        });
    }

    it("lists versions page by page, within one key too, and says which is the latest", async () => {
        server = await startS3([bucket(Bucket), versioning("Enabled")]);
        const ids: unknown[] = [];
        for (const key of ["a", "a", "a", "b"]) ids.push((await put(key)).VersionId);

        const seen: unknown[] = [];
        let from: Partial<s3.ListObjectVersionsCommandInput> = {};
        for (let truncated: boolean | undefined = true; truncated;) {
            const page = await server.client.send(new s3.ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...from }));
            seen.push(...(page.Versions ?? []).map(({ VersionId, IsLatest }) => [VersionId, IsLatest]));
            from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
            truncated = page.IsTruncated;
        }

        assert.deepEqual(seen, [
            [ids[2], true],
            [ids[1], false],
            [ids[0], false],
            [ids[3], true],
        ]);
    });

    it("removes one version for good, and brings a key back when its marker is removed", async () => {
        server = await startS3([bucket(Bucket), versioning("Enabled")]);
        const { VersionId: first } = await put("k", "1");
        const { VersionId: second } = await put("k", "2");

        const gone = await remove("k", second);
        const marker = await remove("k");
        assert.deepEqual(keysOf(await list()), []);
        const back = await remove("k", marker.VersionId);

        assert.deepEqual([gone.VersionId, gone.DeleteMarker], [second, undefined]);
        assert.deepEqual([back.VersionId, back.DeleteMarker], [marker.VersionId, true]);
        const { Body, VersionId } = await server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k" }));
        assert.deepEqual([await Body?.transformToString(), VersionId], ["1", first]);
        await assert.rejects(server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k", VersionId: second })), {
            name: "NoSuchVersion",
        });
    });

    it("answers 405 for a delete marker asked for by its id, and asks for the right to read and delete versions", async () => {
        server = await startS3([bucket(Bucket), versioning("Enabled")]);
        await put("k");
        const { VersionId } = await remove("k");

        const answer = await server.send("GET", `/bucket/k?versionId=${VersionId}`);
        const actions = server.questions.map(({ action }) => action);
        server.deny = ({ action }) => action === "s3:DeleteObjectVersion";

        assert.deepEqual(
            [answer.status, answer.headers["x-amz-delete-marker"], answer.headers.allow],
            [405, "true", "DELETE"],
        );
        assert.ok(actions.includes("s3:GetObjectVersion"));
        await assert.rejects(remove("k", VersionId), { name: "AccessDenied" });
    });

    it("keeps versions when versioning is suspended, and then replaces only the one named null", async () => {
        server = await startS3([bucket(Bucket), versioning("Enabled")]);
        const { VersionId } = await put("k", "kept");
        await server.close(true);
        server = await startS3([bucket(Bucket), versioning("Suspended")], server.dataDir);

        await put("k", "lost");
        await put("k", "newest");

        const { Versions = [] } = await server.client.send(new s3.ListObjectVersionsCommand({ Bucket }));
        assert.deepEqual(
            Versions.map((version) => version.VersionId),
            ["null", VersionId],
        );
    });
});
