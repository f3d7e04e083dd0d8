import { awsError } from "../../../errors";
import type { AwsError } from "../../../errors";
import { invalidArgument } from "../errors";
import { createDelimitedReader } from "./delimitedReader";
import type { DelimitedReader } from "./delimitedReader";

/** A form up to the bytes of its file. */
export interface Form {
    /** By name in lower case. */
    readonly fields: ReadonlyMap<string, string>;
    /** Without folders; empty when the form tells none. */
    readonly fileName: string;
    /** Bytes of the file. Read to its end, it has read the whole body: what a form says after its file does not count. */
    readonly file: AsyncIterable<Buffer>;
}

/** Most bytes before those of the file. Source: S3 API reference, POST Object. */
const mostBeforeFile = 20 * 1024;

/**
 * Reads the fields of a form of type `multipart/form-data` (RFC 7578), without preamble and with each name once.
 *
 * @throws MalformedPOSTRequest, MaxPostPreDataLengthExceeded over 20 kB, InvalidArgument when no file is there
 */
export async function readForm(body: AsyncIterator<Buffer>, boundary: string): Promise<Form> {
    const delimiter = Buffer.from(`\r\n--${boundary}`);
    const reader = createDelimitedReader(body, { most: mostBeforeFile, tooMuch, cutOff: malformedForm });
    const fields = new Map<string, string>();
    // The first boundary has no line before it.
    if ((await reader.take(delimiter.subarray(2))).length > 0) throw malformedForm();
    while (!(await isLast(reader))) {
        const { name, fileName } = partOf(text(await reader.take(blankLine)));
        if (name === "file") return { fields, fileName, file: fileOf(reader, delimiter) };
        if (fields.has(name)) throw malformedForm();
        fields.set(name, text(await reader.take(delimiter)));
    }
    throw invalidArgument("POST requires exactly one file upload per request.", "file", "0");
}

/**
 * The boundary of a form.
 *
 * @throws PreconditionFailed for another media type, MalformedPOSTRequest without a boundary
 */
export function boundaryOf(contentType: string | undefined): string {
    if (!/^multipart\/form-data *(;|$)/i.test(contentType ?? "")) {
        const message = "At least one of the pre-conditions you specified did not hold";
        const condition = "Bucket POST must be of the enclosure-type multipart/form-data";
        throw awsError("PreconditionFailed", 412, message, { Condition: condition });
    }
    const [, quoted, plain] = /; *boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? "") ?? [];
    const boundary = quoted ?? plain;
    if (boundary === undefined) throw malformedForm();
    return boundary;
}

function malformedForm(): AwsError {
    const message = "The body of your POST request is not well-formed multipart/form-data.";
    return awsError("MalformedPOSTRequest", 400, message);
}

function tooMuch(): AwsError {
    const message = "Your POST request fields preceding the upload file were too large.";
    return awsError("MaxPostPreDataLengthExceeded", 400, message);
}

/** Whether the boundary just read ends the form. */
async function isLast(reader: DelimitedReader): Promise<boolean> {
    const sign = (await reader.takeBytes(2)).toString("latin1");
    if (sign !== "--" && sign !== "\r\n") throw malformedForm();
    return sign === "--";
}

const blankLine = Buffer.from("\r\n\r\n");

function partOf(head: string): { name: string; fileName: string } {
    const disposition = /^content-disposition: *form-data *;(.*)$/im.exec(head)?.[1] ?? "";
    const name = parameter(disposition, "name");
    if (name === undefined || name === "") throw malformedForm();
    const fileName = parameter(disposition, "filename") ?? "";
    return { name: name.toLowerCase(), fileName: fileName.replace(/^.*[/\\]/s, "") };
}

function parameter(disposition: string, name: string): string | undefined {
    const [, quoted, plain] =
        new RegExp(`(?:^|;) *${name}=(?:"((?:\\\\.|[^"\\\\])*)"|([^\\s;"]+))`, "i").exec(disposition) ?? [];
    return quoted === undefined ? plain : quoted.replace(/\\"/g, '"');
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function text(bytes: Buffer): string {
    try {
        return utf8.decode(bytes);
    } catch {
        throw malformedForm();
    }
}

async function* fileOf(reader: DelimitedReader, delimiter: Buffer): AsyncGenerator<Buffer> {
    yield* reader.stream(delimiter);
    await isLast(reader);
    await reader.skipRest();
}
