import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A PUT that the fake received. */
export interface PutRequest {
    /** Path of the request without its query: bucket and key. */
    readonly path: string;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: Buffer;
}

/**
 * How the fake treats a PUT: as S3 does; with an error of S3; or by closing the connection, before or after it stored the
 * object.
 */
export type PutFate =
    "normal" | "reset" | "reset after store" | "hang" | { readonly status: number; readonly code: string };

/** As much of S3 as conditional writes need, with faults on demand. */
export interface FakeS3 {
    /** URL for `AWS_ENDPOINT_URL`. */
    readonly url: string;
    /** Objects by path. */
    readonly objects: Map<string, PutRequest>;
    /** Every PUT since the start, refused ones too. */
    readonly puts: PutRequest[];
    /** Fates of the PUTs to come, first one first; when none is left, all is normal. */
    readonly fates: PutFate[];
    readonly reset: () => void;
    readonly stop: () => Promise<void>;
}

/** Starts the fake on a free port of 127.0.0.1. It checks no signatures. */
export async function startFakeS3(): Promise<FakeS3> {
    const objects = new Map<string, PutRequest>();
    const puts: PutRequest[] = [];
    const fates: PutFate[] = [];
    const server = http.createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const path = decodeURIComponent(request.url!.split("?")[0]);
            const put = { path, headers: request.headers, body: Buffer.concat(chunks) };
            puts.push(put);
            settle(put, fates.shift() ?? "normal", objects, response);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        objects,
        puts,
        fates,
        reset: () => {
            objects.clear();
            puts.length = 0;
            fates.length = 0;
        },
        stop: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

function settle(put: PutRequest, fate: PutFate, objects: Map<string, PutRequest>, response: http.ServerResponse): void {
    if (fate === "hang") {
        return;
    }
    if (fate === "reset") {
        response.destroy();
        return;
    }
    if (typeof fate === "object") {
        fail(response, fate.status, fate.code);
        return;
    }
    if (put.headers["if-none-match"] === "*" && objects.has(put.path)) {
        fail(response, 412, "PreconditionFailed");
        return;
    }
    objects.set(put.path, put);
    if (fate === "reset after store") {
        response.destroy();
        return;
    }
    response.writeHead(200, { etag: '"00000000000000000000000000000000"' }).end();
}

function fail(response: http.ServerResponse, status: number, code: string): void {
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
    response.writeHead(status, { "content-type": "application/xml" }).end(body);
}
