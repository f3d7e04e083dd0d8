import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { check } from "../../../handlers/shared/issues";
import { MOST_BYTES, uploadSchema, type UploadLimits } from "../../../handlers/uploadPipeline/uploadSchema";

const unlimited: UploadLimits = { extensions: [], maxBytes: MOST_BYTES };
const good = { file_name: "scan.pdf", extension: ".pdf", len: 1234, type: "application/pdf" };
const sha256 = crypto.createHash("sha256").update("scan").digest("base64");

describe("the announcement of a file", () => {
    /** Issues as `path: message`, in the order in which they are reported. */
    const issuesOf = (file: unknown, limits = unlimited) =>
        (check(uploadSchema(limits), file).issues ?? []).map(({ path, message }) => `${path}: ${message}`);
    const accepts = (part: object, limits = unlimited) => {
        const file = { ...good, ...part };
        assert.deepEqual(check(uploadSchema(limits), file), { output: file });
    };
    const named = (name: string) => issuesOf({ ...good, file_name: name });

    it("is taken as it is when all is well, with and without a checksum", () => {
        accepts({});
        accepts({ sha256 });
    });

    it("loses what the schema does not name", () => {
        assert.deepEqual(check(uploadSchema(unlimited), { ...good, client_id: "other", status: "completed" }), {
            output: good,
        });
    });

    it("is told of everything that is missing at once", () => {
        assert.deepEqual(issuesOf({}), [
            "file_name: is required",
            "extension: is required",
            "len: is required",
            "type: is required",
        ]);
    });

    it("is told of everything that is wrong at once", () => {
        assert.deepEqual(issuesOf({ file_name: "a/${filename}", extension: "pdf", len: 0, type: "pdf", sha256: "x" }), [
            "file_name: must have no path separators and no control characters",
            "file_name: must not contain ${filename}",
            "extension: must be a dot and 1 to 16 of a-z and 0-9",
            `len: must be a whole number from 1 to ${MOST_BYTES}`,
            "type: must be a media type, such as image/png",
            "sha256: must be a SHA-256 in base64, 44 characters",
            "file_name: must end in the extension",
        ]);
    });

    it("is told of the same thing once", () => {
        const issues = issuesOf({ ...good, len: 0.5, type: "/".repeat(256) });

        assert.deepEqual(issues, [
            `len: must be a whole number from 1 to ${MOST_BYTES}`,
            "type: must be a media type, such as image/png",
        ]);
    });

    for (const [what, value] of Object.entries({ null: null, "an array": [], "a string": "scan.pdf", "a number": 1 })) {
        it(`must be an object, not ${what}`, () => {
            assert.notDeepEqual(issuesOf(value), []);
        });
    }

    it("repeats no value in its issues", () => {
        const value = "/secret\u0000";

        const issues = issuesOf({ file_name: value, extension: value, len: value, type: value, sha256: value });

        assert.equal(issues.length, 5);
        assert.ok(!issues.join().includes("secret"));
    });

    describe("by its name", () => {
        const separators = "file_name: must have no path separators and no control characters";
        const length = "file_name: must be a string of 1 to 255 characters";
        const bytes = "file_name: must have at most 900 bytes in UTF-8";

        it("may have 255 code points, however many UTF-16 units they take", () => {
            accepts({ file_name: `${"n".repeat(251)}.pdf` });
            accepts({ file_name: `${"n".repeat(41)}${"🦊".repeat(210)}.pdf` });
        });
        it("may not have 256 code points", () => {
            assert.deepEqual(named(`${"n".repeat(252)}.pdf`), [length]);
        });
        it("may have 900 bytes in UTF-8, and not 901", () => {
            accepts({ file_name: `${"🦊".repeat(224)}.pdf` });
            assert.deepEqual(named(`${"🦊".repeat(224)}n.pdf`), [bytes]);
        });
        it("may not be empty, nor another thing than a string", () => {
            assert.deepEqual(named(""), [length, "file_name: must end in the extension"]);
            assert.deepEqual(issuesOf({ ...good, file_name: 7 }), [length]);
        });

        for (const name of ["a/b.pdf", "/a.pdf", "..\\a.pdf", "../a.pdf"]) {
            it(`may not hold a path, as in ${JSON.stringify(name)}`, () => {
                assert.deepEqual(named(name), [separators]);
            });
        }
        for (const code of [0x00, 0x09, 0x0a, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9f, 0x2028, 0x2029]) {
            it(`may not hold U+${code.toString(16).padStart(4, "0")}`, () => {
                assert.deepEqual(named(`a${String.fromCharCode(code)}b.pdf`), [separators]);
            });
        }
        for (const lone of ["\ud83e", "\udd8a", "\udd8a\ud83e"]) {
            it(`may not hold ${JSON.stringify(lone)}, which is no Unicode`, () => {
                assert.deepEqual(named(`a${lone}b.pdf`), ["file_name: must be well-formed Unicode"]);
            });
        }
        it("may not hold ${filename}, but other braces", () => {
            assert.deepEqual(named("a${filename}.pdf"), ["file_name: must not contain ${filename}"]);
            accepts({ file_name: "${name} {a} $.pdf" });
        });
        for (const name of [
            "ärger & Söhne.pdf",
            "日本語.pdf",
            "a+b c%20.pdf",
            ".pdf",
            "..pdf",
            "a:b*?\"<>|'.pdf",
            "א\u200f.pdf",
        ]) {
            it(`may be ${JSON.stringify(name)}`, () => {
                accepts({ file_name: name });
            });
        }
        it("must end in the extension, in the same case", () => {
            assert.deepEqual(named("scan.png"), ["file_name: must end in the extension"]);
            assert.deepEqual(named("scan.PDF"), ["file_name: must end in the extension"]);
            assert.deepEqual(named("scan.pdf.exe"), ["file_name: must end in the extension"]);
            assert.deepEqual(named("scanpdf"), ["file_name: must end in the extension"]);
        });
    });

    describe("by its extension", () => {
        const shape = "extension: must be a dot and 1 to 16 of a-z and 0-9";
        const ending = (extension: unknown) => issuesOf({ ...good, file_name: `scan${extension}`, extension });

        for (const extension of [".a", ".7z", ".abcdefghijklmnop"]) {
            it(`may be ${extension}`, () => {
                accepts({ file_name: `scan${extension}`, extension });
            });
        }
        for (const extension of [
            "",
            ".",
            "pdf",
            ".PDF",
            ".pDf",
            ".tar.gz",
            ".abcdefghijklmnopq",
            ".pdf\n",
            ". pdf",
            ".ä",
        ]) {
            it(`may not be ${JSON.stringify(extension)}`, () => {
                assert.deepEqual(
                    ending(extension).filter((issue) => issue.startsWith("extension")),
                    [shape],
                );
            });
        }
        it("may not be another thing than a string", () => {
            assert.deepEqual(ending(7), [shape]);
        });

        describe("when the stack lists extensions", () => {
            const limits = { extensions: [".pdf", ".png"], maxBytes: MOST_BYTES };

            it("may be one of them, and no other", () => {
                accepts({}, limits);
                accepts({ file_name: "a.png", extension: ".png" }, limits);
                for (const extension of [".exe", ".PDF", "pdf", "", 7, null]) {
                    assert.deepEqual(issuesOf({ ...good, file_name: `a${extension}`, extension }, limits), [
                        "extension: must be one of .pdf, .png",
                    ]);
                }
            });
        });
    });

    describe("by its length", () => {
        const message = (most: number) => `len: must be a whole number from 1 to ${most}`;

        it("may be 1 byte to 5 GiB", () => {
            accepts({ len: 1 });
            accepts({ len: 5_368_709_120 });
        });
        for (const len of [0, -1, 1.5, NaN, 5_368_709_121, 2 ** 53, "1234", null, true]) {
            it(`may not be ${JSON.stringify(len)} (${typeof len})`, () => {
                assert.deepEqual(issuesOf({ ...good, len }), [message(5_368_709_120)]);
            });
        }
        it("may be no more than the stack's own limit", () => {
            const limits = { extensions: [], maxBytes: 1000 };
            accepts({ len: 1000 }, limits);
            assert.deepEqual(issuesOf({ ...good, len: 1001 }, limits), [message(1000)]);
        });
    });

    describe("by its type", () => {
        const types = {
            good: [
                "image/png",
                "image/svg+xml",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "text/plain; charset=utf-8",
                "text/plain;charset=utf-8",
                'multipart/mixed; boundary="a b"; x=1',
                "a/b",
            ],
            bad: [
                "",
                "png",
                "image/",
                "/png",
                "image/png/x",
                "image /png",
                "image/*",
                "*/*",
                "image/png; charset",
                "image/png\r\nx-amz-acl: public-read",
                "image/png\n",
                " image/png",
                "image/png;",
                `a/${"b".repeat(128)}`,
                `a/b; c=${"d".repeat(249)}`,
                7,
                null,
            ],
        };
        for (const type of types.good) {
            it(`may be ${type}`, () => {
                accepts({ type });
            });
        }
        for (const type of types.bad) {
            it(`may not be ${JSON.stringify(type)}`, () => {
                assert.deepEqual(issuesOf({ ...good, type }), ["type: must be a media type, such as image/png"]);
            });
        }
    });

    describe("by its checksum", () => {
        it("may be any SHA-256 in base64", () => {
            for (let index = 0; index < 100; index++) {
                accepts({ sha256: crypto.createHash("sha256").update(String(index)).digest("base64") });
            }
        });
        const hash = crypto.createHash("sha256").update("scan");
        const bad = {
            "in hex": hash.copy().digest("hex"),
            "in base64url": "_-8_".repeat(10) + "_-8=",
            "without its end": sha256.slice(0, -1),
            "with bits in its end that stand for nothing": sha256.replace(/.=$/, "B="),
            "of another algorithm": crypto.createHash("sha1").update("scan").digest("base64"),
            empty: "",
            "with a line after it": `${sha256}\n`,
            "that is null": null,
        };
        for (const [what, value] of Object.entries(bad)) {
            it(`may not be one ${what}`, () => {
                assert.deepEqual(issuesOf({ ...good, sha256: value }), [
                    "sha256: must be a SHA-256 in base64, 44 characters",
                ]);
            });
        }
    });
});
