import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
import { openObjectStore } from "../../../local/services/s3/store/objectStore";
import type { ObjectStore } from "../../../local/services/s3/store/objectStore";
import type { ObjectVersion } from "../../../local/services/s3/store/types";

describe("S3: the store of a bucket", () => {
    let folder: string;
    let store: ObjectStore;
    beforeEach(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "s3-test-"));
        store = await openObjectStore(path.join(folder, "bucket"));
    });
    afterEach(async () => {
        await store.close();
        fs.rmSync(folder, { recursive: true });
    });
    const file = (name: string) => path.join(folder, "bucket", name);
    const put = async (key: string, text: string) => {
        const blob = await store.blobs.receive(Readable.from([Buffer.from(text)]), text.length);
        await store.commit(key, () => ({ put: objectOf(key, blob) }), [blob]);
    };

    it("has a change in its journal before it says that it is done", async () => {
        await Promise.all(
            Array.from({ length: 20 }, (_, index) => store.commit(`k${index}`, () => ({ put: objectOf(`k${index}`) }))),
        );
        const journal = fs.readFileSync(file("journal"), "utf8");

        for (let index = 0; index < 20; index++) assert.ok(journal.includes(`"key":"k${index}"`));
    });

    it("shows an object only once its change is in the journal", async () => {
        const done = store.commit("k", () => ({ put: objectOf("k") }));

        assert.equal(store.index.versions("k"), undefined);
        await done;
        assert.equal(store.index.versions("k")?.length, 1);
    });

    it("keeps the file of the newest bytes only", async () => {
        await put("k", "one");
        await put("k", "two");

        const [blob, ...more] = fs.readdirSync(file("blobs"));
        assert.deepEqual([fs.readFileSync(file(`blobs/${blob}`), "utf8"), more], ["two", []]);
    });

    it("adopts files, also of another file system, and keeps them when their first name goes", async () => {
        const elsewhere = fs.mkdtempSync(path.join(fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir(), "adopt-"));
        const files = [path.join(elsewhere, "1"), path.join(folder, "2")].map((name) => ({ path: name, size: 5 }));
        for (const { path: name } of files) fs.writeFileSync(name, "hello");

        const blobs = await store.blobs.adopt(files);
        fs.rmSync(elsewhere, { recursive: true });
        fs.rmSync(files[1].path);

        assert.deepEqual(
            blobs.map(({ id, size }) => [fs.readFileSync(store.blobs.path(id), "utf8"), size]),
            [
                ["hello", 5],
                ["hello", 5],
            ],
        );
    });

    it("leaves no file of those that it cannot adopt all of", async () => {
        fs.writeFileSync(path.join(folder, "1"), "hello");
        const files = ["1", "missing"].map((name) => ({ path: path.join(folder, name), size: 5 }));

        await assert.rejects(store.blobs.adopt(files), { code: "ENOENT" });

        assert.deepEqual(fs.readdirSync(file("blobs")), []);
    });

    it("removes what was received for a change that is refused, and the next change goes on", async () => {
        const blob = await store.blobs.receive(Readable.from([Buffer.from("x")]), 1);
        const refuse = () => {
            throw new Error("refused");
        };

        await assert.rejects(store.commit("k", refuse, [blob]), /refused/);

        assert.deepEqual(fs.readdirSync(file("blobs")), []);
        await put("k", "fine");
        assert.equal(store.index.versions("k")?.length, 1);
    });
});

function objectOf(key: string, blob?: { id: string; size: number }): ObjectVersion {
    return {
        key,
        versionId: "null",
        modified: 0,
        size: blob?.size ?? 0,
        etag: "",
        blobs: blob ? [blob] : [],
        headers: {},
        encryption: { algorithm: "AES256" },
    };
}
