import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { LARGEST_BODY } from "./requestBody";
import type { Exchange, Reply } from "./types";

const encoders = { gzip: promisify(zlib.gzip), deflate: promisify(zlib.deflate) };
const decoders = { gzip: promisify(zlib.gunzip), deflate: promisify(zlib.inflate) };

type Encoding = keyof typeof encoders;

/** Compresses a reply for a client that accepts it, when the API sets a `minimumCompressionSize` and the reply reaches it. */
export async function compressed({ api, request }: Exchange, reply: Reply): Promise<Reply> {
    const { minimumCompressionSize } = api;
    if (
        minimumCompressionSize === undefined ||
        Buffer.byteLength(reply.body) < minimumCompressionSize ||
        isEncoded(reply)
    ) {
        return reply;
    }
    const encoding = accepted(request.headers["accept-encoding"]);
    if (!encoding) {
        return reply;
    }
    return {
        ...reply,
        headers: { ...reply.headers, "Content-Encoding": encoding },
        body: await encoders[encoding](reply.body),
    };
}

/**
 * Unpacks the body of an exchange, as an API with a `minimumCompressionSize` does before it hands it on.
 *
 * @returns False when it is not what its `Content-Encoding` says, or too large.
 */
export async function unpack(exchange: Exchange): Promise<boolean> {
    const { api, request, body } = exchange;
    const encoding = request.headers["content-encoding"]?.toLowerCase() ?? "";
    if (api.minimumCompressionSize === undefined || !body?.length || !Object.hasOwn(decoders, encoding)) {
        return true;
    }
    try {
        exchange.body = await decoders[encoding as Encoding](body, { maxOutputLength: LARGEST_BODY });
    } catch {
        return false;
    }
    exchange.unpacked = true;
    return true;
}

function isEncoded({ headers }: Reply): boolean {
    return Object.keys(headers).some((name) => name.toLowerCase() === "content-encoding");
}

function accepted(header: string | string[] | undefined): Encoding | undefined {
    for (const item of String(header ?? "").split(",")) {
        const [name, ...parameters] = item.trim().toLowerCase().split(";");
        if (Object.hasOwn(encoders, name) && !parameters.some((parameter) => /^\s*q=0(\.0*)?$/.test(parameter))) {
            return name as Encoding;
        }
    }
    return undefined;
}
