import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as zlib from "node:zlib";
import type { FakeS3, PutRequest } from "./fakeS3";
import type { TestRequest } from "./invoke";

/** EventIngest's handler factory. */
export const ingestSource = {
    module: "handlers/eventIngest/ingestEvents.ts",
    factory: "ingestEventsFactory",
    args: ['{"openapi":"3.1.0","info":{"title":"EventIngest"}}'],
};

/** Two clients; the first has two live tokens. */
export const tokens = { web: "token-web-1", webOther: "token-web-2", shop: "token-shop-1" };

/** Variables for EventIngest's handler, with the fake for S3. */
export function ingestEnv({ url }: FakeS3): Record<string, string> {
    return {
        AWS_ENDPOINT_URL: url,
        BUCKET: "event-bucket",
        CLIENTS: JSON.stringify({ web: [digest(tokens.web), digest(tokens.webOther)], shop: [digest(tokens.shop)] }),
        CORS_ORIGINS: '["https://app.example"]',
        METRICS_NAMESPACE: "quartet-test-ingest",
    };
}

/** A request to `POST /events` with the first client's token. */
export function post(body: TestRequest["body"] | object, headers: Record<string, string> = {}): TestRequest {
    const sent = typeof body === "string" || body instanceof Uint8Array || !body ? body : JSON.stringify(body);
    return { method: "POST", path: "/events", headers: { "X-Auth-Token": tokens.web, ...headers }, body: sent };
}

/** A UUIDv7 with the time given, in ms since 1970. */
export function keyAt(time: number): string {
    const hex = time.toString(16).padStart(12, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7${crypto.randomBytes(2).toString("hex").slice(1)}-9abc-${crypto.randomBytes(6).toString("hex")}`;
}

/** The only object whose key starts so. */
export function onlyObject({ objects }: FakeS3, prefix: "events/" | "rejected/"): PutRequest & { lines: string[] } {
    const found = [...objects.values()].filter(({ path }) => path.startsWith(`/event-bucket/${prefix}`));
    assert.equal(found.length, 1, `objects under ${prefix}: ${found.length}`);
    const text = zlib.gunzipSync(found[0].body).toString();
    assert.ok(text.endsWith("\n"));
    return { ...found[0], lines: text.slice(0, -1).split("\n") };
}

/** Keys of all objects. */
export function keysOf({ objects }: FakeS3): string[] {
    return [...objects.keys()].map((path) => path.slice("/event-bucket/".length));
}

/** The first 16 hex digits of SHA-256 over the parts, with zero bytes between. */
export function shortHash(...parts: (string | Uint8Array)[]): string {
    const hash = crypto.createHash("sha256");
    parts.forEach((part, index) => hash.update(index > 0 ? "\0" : "").update(part));
    return hash.digest("hex").slice(0, 16);
}

function digest(token: string): string {
    return crypto.createHash("sha256").update(token).digest("hex");
}
