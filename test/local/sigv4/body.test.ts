import * as assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { decodeBody, type BodyOptions } from "../../../local/sigv4/body";
import { checksums } from "../../../local/sigv4/checksums";

const plain: BodyOptions = { mismatch: () => new Error("mismatch"), empty: false };
const chunked: BodyOptions = { ...plain, chunked: { decodedLength: 26, trailers: [] } };

describe("decodeBody", () => {
    it("finds the payload wherever the network cuts the framing", async () => {
        const framed = Buffer.from("10\r\nabcdefghijklmnop\r\nA\r\nqrstuvwxyz\r\n0\r\n\r\n");
        for (let size = 1; size <= framed.length; size++) {
            const pieces = Array.from({ length: Math.ceil(framed.length / size) }, (_, index) =>
                framed.subarray(index * size, (index + 1) * size),
            );
            const { body } = decodeBody(Readable.from(pieces), chunked);
            assert.equal(await text(body), "abcdefghijklmnopqrstuvwxyz", `cut every ${size} bytes`);
        }
    });

    it("keeps no more than the streams' own buffers while nobody reads", async () => {
        let sent = 0;
        const source = Readable.from(
            (function* () {
                for (; sent < 1000; sent++) {
                    yield Buffer.alloc(65_536);
                }
            })(),
            { objectMode: false, highWaterMark: 65_536 },
        );
        const { body } = decodeBody(source, plain);

        await once(body, "readable");
        await new Promise(setImmediate);

        assert.ok(sent < 10, `${sent} pieces were taken`);
        body.destroy();
    });

    it("takes nothing from the source before somebody reads", () => {
        const source = new PassThrough();
        decodeBody(source, plain);
        assert.equal(source.listenerCount("data"), 0);
    });

    it("ends with IncompleteBody when the client goes away", async () => {
        const source = new PassThrough();
        const { body } = decodeBody(source, plain);
        source.write("hel");
        setImmediate(() => source.destroy());
        await assert.rejects(text(body), { code: "IncompleteBody", status: 400 });
    });

    it("lets the rest of the source run out when its reader gives up", async () => {
        const source = new PassThrough();
        const { body } = decodeBody(source, plain);
        body.resume();
        body.destroy();
        source.end(Buffer.alloc(1_000_000));
        await once(source, "end");
    });

    it("gives every byte before it reports that their hash is another", async () => {
        const { body } = decodeBody(Readable.from([Buffer.from("hello")]), { ...plain, sha256: "0".repeat(64) });
        const seen: string[] = [];
        body.on("data", (data: Buffer) => seen.push(data.toString()));
        const [error] = (await once(body, "error")) as [Error];
        assert.deepEqual([seen, error.message], [["hello"], "mismatch"]);
    });
});

describe("checksums", () => {
    // The check values of the CRC catalogue: each algorithm's value of "123456789".
    const known: [string, string][] = [
        ["crc32", "cbf43926"],
        ["crc32c", "e3069283"],
        ["crc64nvme", "ae8b14860a799888"],
    ];
    for (const [algorithm, value] of known) {
        it(`computes ${algorithm} of the catalogue's text, however it is cut`, () => {
            const sum = checksums[algorithm].create();
            sum.update(Buffer.from("1234"));
            sum.update(Buffer.from("56789"));
            assert.equal(Buffer.from(sum.digest(), "base64").toString("hex"), value);
        });
    }
});

async function text(body: Readable): Promise<string> {
    return Buffer.concat(await Array.fromAsync(body as AsyncIterable<Buffer>)).toString();
}
