import type * as http from "node:http";
import { faults, type Fault } from "./faults";
import type { Exchange } from "./types";

/** Largest body, in bytes (API Gateway's quota, which can't be raised). */
export const LARGEST_BODY = 10_485_760;

const EMPTY = Buffer.alloc(0);

/** True when the request announces a body that is too large. */
export function announcesTooMuch({ headers }: http.IncomingMessage): boolean {
    return Number(headers["content-length"] ?? 0) > LARGEST_BODY;
}

/**
 * Reads the body into the exchange, unless it is there already.
 *
 * @returns Why it was not taken; undefined when it was.
 * @throws When the client goes away.
 */
export async function receiveBody(exchange: Exchange): Promise<Fault | undefined> {
    if (exchange.body === undefined) {
        const body = await readBody(exchange.request);
        if (body === "tooLarge") {
            return faults.bodyTooLarge;
        }
        exchange.body = body;
    }
    return undefined;
}

/**
 * Reads a body.
 *
 * @returns `"tooLarge"` as soon as it is over {@link LARGEST_BODY}; the rest is read and dropped, so that the client sees the answer.
 * @throws When the client goes away.
 */
function readBody(request: http.IncomingMessage): Promise<Buffer | "tooLarge"> | Buffer {
    const { headers } = request;
    const length = headers["content-length"];
    if ((length === undefined || length === "0") && headers["transfer-encoding"] === undefined) {
        return EMPTY;
    }
    return new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let size = 0;
        request.on("data", (chunk: Buffer) => {
            size += chunk.length;
            if (size > LARGEST_BODY) {
                request.removeAllListeners("data").resume();
                resolve("tooLarge");
                return;
            }
            chunks.push(chunk);
        });
        request.on("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size)));
        request.on("error", reject);
    });
}
