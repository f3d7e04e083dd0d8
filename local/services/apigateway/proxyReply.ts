import { faults, type Fault } from "./faults";
import { isBinary, mediaType } from "./mediaTypes";
import type { Exchange, Reply } from "./types";

/**
 * Makes a function's answer into an HTTP response. Every key may be missing, but one must be there, and no other may be.
 *
 * @returns A fault, 502 for the client, when the answer is not of that form.
 */
export function proxyReply(payload: string, exchange: Exchange): Reply | Fault {
    const answer = parse(payload);
    const status = answer && statusCode(answer.statusCode);
    const headers = answer && replyHeaders(answer.headers ?? {}, answer.multiValueHeaders ?? {});
    if (!answer || status === undefined || !headers || !isText(answer.body) || !isFlag(answer.isBase64Encoded)) {
        return faults.malformedReply;
    }
    const body = answer.body ?? "";
    return {
        status,
        headers,
        body: answer.isBase64Encoded && wantsBytes(exchange) ? Buffer.from(body, "base64") : body,
    };
}

interface Answer {
    readonly statusCode?: unknown;
    readonly headers?: unknown;
    readonly multiValueHeaders?: unknown;
    readonly body?: unknown;
    readonly isBase64Encoded?: unknown;
}

const KEYS = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

function parse(payload: string): Answer | undefined {
    let value: unknown;
    try {
        value = JSON.parse(payload);
    } catch {
        return undefined;
    }
    if (!isObject(value)) {
        return undefined;
    }
    const keys = Object.keys(value);
    return keys.length > 0 && keys.every((key) => KEYS.has(key)) ? value : undefined;
}

function statusCode(value: unknown): number | undefined {
    const code = value ?? 200;
    const number = typeof code === "string" && /^\d+$/.test(code) ? Number(code) : code;
    // A code below 200 ends no HTTP exchange.
    return typeof number === "number" && Number.isInteger(number) && number >= 200 && number <= 599
        ? number
        : undefined;
}

/** Headers that the gateway itself answers for. */
const REMAPPED = new Set(["connection", "content-length", "date", "server"]);

function replyHeaders(single: unknown, multi: unknown): Record<string, string | string[]> | undefined {
    if (!isObject(single) || !isObject(multi)) {
        return undefined;
    }
    // Without a prototype, a header called constructor is one like any other.
    const headers = Object.create(null) as Record<string, string | string[]>;
    const spelling = new Map<string, string>();
    for (const [name, values] of Object.entries(multi)) {
        if (!Array.isArray(values) || !values.every(isScalar)) {
            return undefined;
        }
        add(headers, spelling, name, values.map(String));
    }
    for (const [name, value] of Object.entries(single)) {
        if (!isScalar(value)) {
            return undefined;
        }
        add(headers, spelling, name, [String(value)]);
    }
    if (!spelling.has("content-type")) {
        headers["Content-Type"] = "application/json";
    }
    return headers;
}

function add(
    headers: Record<string, string | string[]>,
    spelling: Map<string, string>,
    name: string,
    values: string[],
): void {
    const lower = name.toLowerCase();
    if (lower === "transfer-encoding") {
        return;
    }
    const sent = spelling.get(lower) ?? (REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name);
    spelling.set(lower, sent);
    const all = ([] as string[]).concat(headers[sent] ?? [], values);
    headers[sent] = all.length === 1 ? all[0] : all;
}

/** Base64 is decoded only for a client whose first `Accept` type is binary, or when all types are. */
function wantsBytes({ request, api }: Exchange): boolean {
    return isBinary(mediaType(request.headers.accept), api.binaryMediaTypes);
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean {
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isText(value: unknown): value is string | null | undefined {
    return value === undefined || value === null || typeof value === "string";
}

function isFlag(value: unknown): value is boolean | null | undefined {
    return value === undefined || value === null || typeof value === "boolean";
}
