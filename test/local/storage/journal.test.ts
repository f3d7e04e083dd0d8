import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { openJournal } from "../../../local/storage/journal";
import { readJournal } from "../../../local/storage/journalFile";

describe("a journal", () => {
    let folder: string;
    let file: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "journal-test-"));
        file = path.join(folder, "journal");
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    it("writes what is appended at the same time with one fsync, and the first alone", async () => {
        const journal = await openJournal<number>(file);
        const syncs = await countSyncs(async () => {
            await Promise.all(Array.from({ length: 100 }, (_, index) => journal.append(index)));
        });
        await journal.close();

        assert.ok(syncs <= 2, `${syncs} fsyncs`);
        assert.deepEqual(
            readJournal<number>(file),
            Array.from({ length: 100 }, (_, index) => index),
        );
    });

    it("has, after it was rewritten, the new changes and what was appended meanwhile, and takes more", async () => {
        const journal = await openJournal<string>(file);
        await Promise.all(["a", "b", "c"].map((change) => journal.append(change)));
        const long = "x".repeat(1_500_000);

        const rewritten = journal.rewrite(() => ["b", long]);
        const meanwhile = journal.append("d");
        await Promise.all([rewritten, meanwhile]);
        await journal.append("e");
        await journal.close();

        assert.deepEqual(readJournal<string>(file), ["b", long, "d", "e"]);
        assert.deepEqual(fs.readdirSync(folder), ["journal"]);
    });

    it("stays as it was when it cannot be rewritten, and goes on", async () => {
        const journal = await openJournal<string>(file);
        await journal.append("a");

        await assert.rejects(
            journal.rewrite(() => {
                throw new Error("no");
            }),
            /no/,
        );
        await journal.append("b");
        await journal.close();

        assert.deepEqual(readJournal<string>(file), ["a", "b"]);
        assert.deepEqual(fs.readdirSync(folder), ["journal"]);
    });
});

/** How often files were made durable while something was done. */
async function countSyncs(action: () => Promise<void>): Promise<number> {
    const handle = await fs.promises.open(os.devNull, "r");
    const prototype = Object.getPrototypeOf(handle) as fs.promises.FileHandle;
    await handle.close();
    const { datasync } = prototype;
    let count = 0;
    prototype.datasync = function (this: fs.promises.FileHandle) {
        count++;
        return datasync.call(this);
    };
    try {
        await action();
    } finally {
        prototype.datasync = datasync;
    }
    return count;
}
