/** A request as the Runtime API needs it. */
export interface HttpRequest {
    readonly method: string;
    readonly path: string;
    /** Text of the head after the request line. */
    readonly head: string;
    /** The body; undefined when it is longer than allowed, in which case it was read and thrown away. */
    readonly body: Buffer | undefined;
}

/**
 * A parser for HTTP/1.1 requests with the little that clients of the Runtime API use: Content-Length or chunked bodies, pipelining.
 * Node's own parser, with its request and response objects, took most of the time of a short invocation.
 *
 * @param longestBody In bytes.
 * @param onRequest Gets each complete request, in order.
 * @returns Takes the chunks of one connection. Throws {@link HttpSyntaxError}.
 */
export function httpRequests(longestBody: number, onRequest: (request: HttpRequest) => void): (chunk: Buffer) => void {
    let chunks: Buffer[] = [];
    let length = 0;
    let wanted = 0;
    return (chunk) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length < wanted) {
            return;
        }
        let held = chunks.length === 1 ? chunk : Buffer.concat(chunks);
        wanted = 0;
        while (held.length > 0) {
            const parsed = parse(held, longestBody);
            if (typeof parsed === "number") {
                wanted = parsed;
                break;
            }
            held = held.subarray(parsed.end);
            onRequest(parsed);
        }
        chunks = held.length === 0 ? [] : [held];
        length = held.length;
    };
}

/** What was received is no request that this parser takes. */
export class HttpSyntaxError extends Error {}

/** The value of a header in {@link HttpRequest.head}. */
export function headerOf(head: string, name: string): string | undefined {
    return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, "im").exec(head)?.[1];
}

/** No client sends longer heads. */
const LONGEST_HEAD = 65_536;

/** Beyond this, a body is no answer of a function by mistake. */
const LONGEST_REFUSED_BODY = 256 * 1024 * 1024;

const CONTENT_LENGTH = /^content-length:[ \t]*(\d+)[ \t]*$/im;
const CHUNKED = /^transfer-encoding:[ \t]*chunked[ \t]*$/im;

/** The first request in the bytes, or how many bytes it needs at least. */
function parse(held: Buffer, longestBody: number): (HttpRequest & { end: number }) | number {
    const headEnd = held.indexOf("\r\n\r\n");
    if (headEnd < 0) {
        if (held.length > LONGEST_HEAD) {
            throw new HttpSyntaxError("The head of a request is too long");
        }
        return held.length + 1;
    }
    const text = held.toString("latin1", 0, headEnd);
    const lineEnd = text.indexOf("\r\n");
    const head = lineEnd < 0 ? "" : text.slice(lineEnd + 2);
    const [method, path, version] = (lineEnd < 0 ? text : text.slice(0, lineEnd)).split(" ");
    if (!version?.startsWith("HTTP/1.")) {
        throw new HttpSyntaxError("This is not an HTTP/1.1 request");
    }
    const start = headEnd + 4;
    if (method === "GET") {
        return { method, path, head, body: EMPTY, end: start };
    }
    if (CHUNKED.test(head)) {
        const body = chunkedBody(held, start, longestBody);
        return typeof body === "number" ? body : { method, path, head, ...body };
    }
    const size = Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
    if (size > LONGEST_REFUSED_BODY) {
        throw new HttpSyntaxError("The body of a request is too long");
    }
    const end = start + size;
    return held.length < end
        ? end
        : { method, path, head, body: size > longestBody ? undefined : held.subarray(start, end), end };
}

const EMPTY = Buffer.alloc(0);

/** The body and where it ends, or how many bytes are needed at least. */
function chunkedBody(
    held: Buffer,
    start: number,
    longestBody: number,
): { body: Buffer | undefined; end: number } | number {
    const parts: Buffer[] = [];
    let total = 0;
    let at = start;
    for (;;) {
        const lineEnd = held.indexOf("\r\n", at);
        if (lineEnd < 0) {
            return held.length + 1;
        }
        const size = Number.parseInt(held.toString("latin1", at, lineEnd), 16);
        if (!(size >= 0) || total + size > LONGEST_REFUSED_BODY) {
            throw new HttpSyntaxError("The body of a request is malformed or too long");
        }
        if (size === 0) {
            const trailersEnd = held.indexOf("\r\n\r\n", lineEnd);
            return trailersEnd < 0 && held.length < lineEnd + 4
                ? lineEnd + 4
                : trailersEnd < 0
                  ? held.length + 1
                  : { body: total > longestBody ? undefined : Buffer.concat(parts), end: trailersEnd + 4 };
        }
        const chunkEnd = lineEnd + 2 + size;
        if (held.length < chunkEnd + 2) {
            return chunkEnd + 2;
        }
        parts.push(held.subarray(lineEnd + 2, chunkEnd));
        total += size;
        at = chunkEnd + 2;
    }
}
