import * as buffer from "node:buffer";
import type * as v from "valibot";
import { gunzip } from "./gzip";
import type { HttpRequest } from "./http";
import { validated } from "./issues";
import { refusal } from "./refusal";
import { routeName } from "./route";

/**
 * A JSON body as the schema gives it.
 *
 * @throws A refusal, as {@link bodyBytes} does, and 400 with every issue for a value that is not valid.
 */
export function validBody<S extends v.GenericSchema>(
    request: Pick<HttpRequest, "sent" | "header" | "route">,
    schema: S,
): v.InferOutput<S> {
    return validated(schema, parseJson(bodyBytes(request).toString()));
}

/**
 * The unpacked bytes of a JSON body, which are valid UTF-8.
 *
 * @throws A refusal: 415 for another content type or encoding, 413 for more bytes than the route allows, before or after
 * unpacking (which stops there), 400 for a damaged body. An error for a route that reads no body.
 */
export function bodyBytes({ sent, header, route }: Pick<HttpRequest, "sent" | "header" | "route">): Buffer {
    if (!route.body) {
        throw new Error(`${routeName(route)} reads no body`);
    }
    const { maxBytes, maxUnpackedBytes } = route.body;
    if (!isJson(header("content-type"))) {
        throw refusal(415, "UNSUPPORTED_CONTENT_TYPE", "The content type must be application/json in UTF-8");
    }
    const packing = (header("content-encoding") ?? "").trim().toLowerCase() || "identity";
    if (packing !== "identity" && packing !== "gzip") {
        throw refusal(415, "UNSUPPORTED_CONTENT_ENCODING", "The content encoding must be gzip or identity");
    }
    const text = sent.body ?? "";
    const form = sent.isBase64Encoded ? "base64" : "utf8";
    if (Buffer.byteLength(text, form) > maxBytes) {
        throw tooLarge(`The body must have at most ${maxBytes} bytes`);
    }
    const bytes = Buffer.from(text, form);
    const unpacked = packing === "gzip" ? unzipped(bytes, maxUnpackedBytes) : bytes;
    if (unpacked.length > maxUnpackedBytes) {
        throw tooLarge(`The body must have at most ${maxUnpackedBytes} bytes unpacked`);
    }
    if (!buffer.isUtf8(unpacked)) {
        throw refusal(400, "INVALID_UTF8", "The body must be UTF-8");
    }
    return unpacked;
}

/**
 * The value of a JSON text.
 *
 * @throws A refusal with status 400. The parser's own message is dropped, since it repeats the text.
 */
export function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw refusal(400, "INVALID_JSON", "The body must be JSON");
    }
}

function isJson(contentType: string | undefined): boolean {
    const [type, ...parameters] = (contentType ?? "").split(";").map((part) => part.trim().toLowerCase());
    const charsets = parameters.filter((parameter) => parameter.startsWith("charset="));
    return (
        (type === "" || type === "application/json") &&
        charsets.every((charset) => /^charset="?utf-?8"?$/.test(charset))
    );
}

function unzipped(bytes: Buffer, most: number): Buffer {
    try {
        return gunzip(bytes, most);
    } catch (error) {
        throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
            ? tooLarge(`The body must have at most ${most} bytes unpacked`)
            : refusal(400, "INVALID_GZIP", "The body must be complete gzip data");
    }
}

function tooLarge(message: string) {
    return refusal(413, "PAYLOAD_TOO_LARGE", message);
}
