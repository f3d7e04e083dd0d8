import { awsError } from "../errors";
import type { SignedRequest } from "./signature";

/**
 * The canonical request of Signature Version 4 (IAM User Guide, "Create a signed API request").
 *
 * @param payloadHash Hexadecimal SHA-256 of the payload, or the word that stands for it.
 */
export function canonicalRequest(
    request: SignedRequest,
    service: string,
    signedHeaders: readonly string[],
    payloadHash: string,
): string {
    const start = request.url.indexOf("?");
    const path = start < 0 ? request.url : request.url.slice(0, start);
    const query = start < 0 ? "" : request.url.slice(start + 1);
    let headers = "";
    for (const name of signedHeaders) {
        headers += `${name}:${canonicalValue(request.headers.get(name) ?? "")}\n`;
    }
    const uri = service === "s3" ? s3Path(path) : otherPath(path);
    return `${request.method}\n${uri}\n${canonicalQuery(query)}\n${headers}\n${signedHeaders.join(";")}\n${payloadHash}`;
}

/** Percent-encoding of everything but unreserved characters. */
export function encode(text: string): string {
    return UNRESERVED.test(text)
        ? text
        : encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;

function canonicalValue(value: string): string {
    return value.trim().replace(/\s+/g, " ");
}

/** S3 encodes once and keeps `//` and `..`, which are part of the key. */
function s3Path(path: string): string {
    return path
        .split("/")
        .map((segment) => (UNRESERVED.test(segment) ? segment : encode(decode(segment))))
        .join("/");
}

/** Other services resolve `.` and `..` and encode what is encoded already. */
function otherPath(path: string): string {
    const segments: string[] = [];
    for (const segment of path.split("/")) {
        if (segment === "..") {
            segments.pop();
        } else if (segment !== "" && segment !== ".") {
            segments.push(encode(segment));
        }
    }
    return `/${segments.join("/")}${segments.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
    if (query === "") {
        return "";
    }
    const pairs: [string, string][] = [];
    for (const part of query.split("&")) {
        const equals = part.indexOf("=");
        const name = recode(equals < 0 ? part : part.slice(0, equals));
        if (part !== "" && name !== "X-Amz-Signature") {
            pairs.push([name, equals < 0 ? "" : recode(part.slice(equals + 1))]);
        }
    }
    return pairs
        .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
        .map(([name, value]) => `${name}=${value}`)
        .join("&");
}

function recode(text: string): string {
    return UNRESERVED.test(text) ? text : encode(decode(text.replace(/\+/g, "%20")));
}

function decode(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        throw awsError("InvalidURI", 400, "Couldn't parse the specified URI.");
    }
}

function compare(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0;
}
