import * as assert from "node:assert/strict";
import { boundaryOf, readForm } from "../../../local/services/s3/post/multipartForm";

const part = (name: string, value: string, more = "") =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\nContent-Type: text/plain\r\n\r\n${value}\r\n`;
const malformed = { code: "MalformedPOSTRequest", status: 400 };

describe("S3: reading a form", () => {
    it("finds the same fields and file wherever the body is cut into chunks", async () => {
        const file = "\r\n--\r\n\r\n-b\r\n--a\r\r\n";
        const body = Buffer.from(
            `${part("Key", "é\r\n--")}${part("empty", "")}${part("file", file, '; filename="x"')}--b--\r\nend`,
        );

        for (let size = 1; size <= body.length; size++) {
            const { fields, fileName, text } = await read(body, size);
            assert.deepEqual(
                [...fields],
                [
                    ["key", "é\r\n--"],
                    ["empty", ""],
                ],
                `chunks of ${size}`,
            );
            assert.deepEqual([fileName, text], ["x", file], `chunks of ${size}`);
        }
    });

    it("finds an empty file", async () => {
        assert.equal((await read(Buffer.from(`${part("file", "")}--b--`))).text, "");
    });

    for (const [what, disposition, fileName] of [
        ["with a folder", 'filename="/a/b/c.txt"', "c.txt"],
        ["with a folder of Windows", 'filename="C:\\dir\\c.txt"', "c.txt"],
        ["with an escaped quote", 'filename="a\\"b.txt"', 'a"b.txt'],
        ["without quotes", "filename=c.txt", "c.txt"],
        ["that is not there", 'other="c.txt"', ""],
    ]) {
        it(`reads a file name ${what}`, async () => {
            const body = `--b\r\ncontent-disposition: form-data; ${disposition}; name=file\r\n\r\n1\r\n--b--`;
            assert.equal((await read(Buffer.from(body))).fileName, fileName);
        });
    }

    for (const [what, body] of [
        ["nothing", ""],
        ["text before the first boundary", `x${part("file", "1")}--b--`],
        ["another boundary", part("file", "1").replace("--b", "--c")],
        ["an end before the file's boundary", '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n1'],
        ["an end within the boundary after the file", part("file", "1").concat("--")],
        ["a boundary that goes on after the file", `${part("file", "1")}--bc`],
        ["a part without a name", part("", "1")],
        ["a part without Content-Disposition", "--b\r\nContent-Type: a/b\r\n\r\n1\r\n--b--"],
        ["the same field twice", part("a", "1") + part("A", "1") + part("file", "")],
        ["a field that is no UTF-8", part("a", "\xff") + part("file", "")],
    ]) {
        it(`refuses ${what} as malformed`, async () => {
            await assert.rejects(read(Buffer.from(body, "latin1")), malformed);
        });
    }

    it("takes 20 kB before the file's bytes and not a byte more, however large the file", async () => {
        const before = (length: number) =>
            `${part("a", "x".repeat(length))}--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n`;
        const longest = 20 * 1024 - before(0).length;
        const form = (length: number) => Buffer.from(`${before(length)}${"y".repeat(50_000)}\r\n--b--`);

        assert.equal((await read(form(longest))).text.length, 50_000);
        await assert.rejects(read(form(longest + 1)), { code: "MaxPostPreDataLengthExceeded" });
    });

    it("reads the boundary with and without quotes, and wants one", () => {
        assert.equal(boundaryOf('multipart/form-data; charset=utf-8; boundary="a b"'), "a b");
        assert.equal(boundaryOf("Multipart/Form-Data;boundary=ab"), "ab");
        assert.throws(() => boundaryOf("multipart/form-data"), malformed);
        assert.throws(() => boundaryOf("multipart/form-data-x; boundary=a"), {
            code: "PreconditionFailed",
            status: 412,
        });
        assert.throws(() => boundaryOf(undefined), { code: "PreconditionFailed", status: 412 });
    });
});

async function read(body: Buffer, size = 65_536) {
    const { fields, fileName, file } = await readForm(chunksOf(body, size), "b");
    const text = Buffer.concat(await Array.fromAsync(file)).toString();
    return { fields, fileName, text };
}

async function* chunksOf(body: Buffer, size: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}
