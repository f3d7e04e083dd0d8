const net = require("node:net");

const PATH = "/2018-06-01/runtime";

/**
 * A client of the Runtime API over one kept connection. Requests are pipelined: what comes back is in order, and of interest are
 * invocations only.
 *
 * When the connection ends, so does the process: whoever ran the environment is gone.
 */
exports.connect = (address) => {
    const [host, port] = address.split(":");
    const socket = net.connect({ host, port: Number(port), noDelay: true });
    const head = (method, path, rest) => `${method} ${PATH}${path} HTTP/1.1\r\nHost: ${address}\r\n${rest}\r\n`;
    const post = (path, body, headers, sent) =>
        socket.write(
            head(
                "POST",
                path,
                `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}`,
            ) + body,
            sent,
        );
    const errorType = (error) =>
        `Lambda-Runtime-Function-Error-Type: ${error.errorType.replace(/[^\x20-\x7e]/g, "?")}\r\n`;
    const api = {
        /** Set by the caller. Gets the headers, in lower case, and the event's text. */
        onInvocation: undefined,
        next() {
            socket.write(head("GET", "/invocation/next", ""));
            socket.uncork();
        },
        /** Leaves together with the {@link next} that follows. */
        respond(requestId, body) {
            socket.cork();
            post(`/invocation/${requestId}/response`, body, "");
        },
        fail(requestId, error, sent) {
            if (sent === undefined) {
                socket.cork();
            }
            post(`/invocation/${requestId}/error`, JSON.stringify(error), errorType(error), sent);
        },
        failInit(error, sent) {
            post("/init/error", JSON.stringify(error), errorType(error), sent);
        },
    };
    socket.on("close", () => process.exit(1));
    socket.on("error", () => process.exit(1));
    socket.on(
        "data",
        responses((headers, body) => headers["lambda-runtime-aws-request-id"] && api.onInvocation(headers, body)),
    );
    return api;
};

/** Takes chunks and gives complete responses. The server always says Content-Length. */
function responses(onResponse) {
    let chunks = [];
    let length = 0;
    let wanted = 0;
    return (chunk) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length < wanted) {
            return;
        }
        let held = chunks.length === 1 ? chunk : Buffer.concat(chunks);
        wanted = 0;
        while (held.length > 0) {
            const end = held.indexOf("\r\n\r\n");
            if (end < 0) {
                break;
            }
            const headers = headersOf(held.latin1Slice(0, end));
            const whole = end + 4 + Number(headers["content-length"]);
            if (held.length < whole) {
                wanted = whole;
                break;
            }
            onResponse(headers, held.utf8Slice(end + 4, whole));
            held = held.subarray(whole);
        }
        chunks = held.length === 0 ? [] : [held];
        length = held.length;
    };
}

function headersOf(head) {
    const headers = {};
    for (const line of head.split("\r\n").slice(1)) {
        const colon = line.indexOf(":");
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    return headers;
}
