import type * as http from "node:http";
import type { AwsCall } from "../../../gateway/types";
import { missingField } from "../../../sigv4/formPolicy";
import type { FormFields } from "../../../sigv4/formPolicy";
import { invalidArgument, notImplemented } from "../errors";
import { keyTooLong } from "../target";
import { malformedXml, parseXml } from "../xml";
import type { XmlElement } from "../xml";
import type { Form } from "./multipartForm";

/** Puts the file's name where fields say `${filename}`. */
export function withFileName({ fields, fileName }: Form): FormFields {
    const named = [...fields].map(([name, value]) => [name, value.replaceAll("${filename}", () => fileName)] as const);
    return new Map(named);
}

/**
 * The key that a form writes.
 *
 * @throws InvalidArgument, KeyTooLongError
 */
export function keyOf(fields: FormFields): string {
    const key = fields.get("key");
    if (key === undefined) throw missingField("key");
    if (key === "") throw invalidArgument("User key must have a length greater than 0.", "key", "");
    const error = keyTooLong(key);
    if (error) throw error;
    return key;
}

/**
 * The headers that a PutObject of the same object would have. Of the request's own, only those that say where it comes from count.
 *
 * @throws InvalidArgument for a name or value that no header can have, MalformedXML for tags, NotImplemented for a condition on the write
 */
export function headersOf(fields: FormFields, call: AwsCall): http.IncomingHttpHeaders {
    const headers: http.IncomingHttpHeaders = {};
    for (const name of ["user-agent", "referer"] as const) {
        if (call.headers[name] !== undefined) headers[name] = call.headers[name];
    }
    for (const [name, value] of fields) {
        if (name === "if-match" || name === "if-none-match") throw notImplemented(`The form field ${name}`);
        if (name === "acl") headers["x-amz-acl"] = headerValue(name, value);
        else if (name === "tagging") headers["x-amz-tagging"] = taggingHeader(value);
        else if (isHeader(name)) headers[headerName(name)] = headerValue(name, value);
    }
    return headers;
}

const systemHeaders: ReadonlySet<string> = new Set([
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "expires",
]);

/** Fields `x-amz-…` that are about the form itself; tags have a field of their own. */
const notOfObject: ReadonlySet<string> = new Set([
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-tagging",
]);

function isHeader(name: string): boolean {
    return systemHeaders.has(name) || (name.startsWith("x-amz-") && !notOfObject.has(name));
}

function headerName(name: string): string {
    if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return name;
    throw invalidArgument("Invalid header name", name, "");
}

/** Node takes a header's characters for bytes. */
function headerValue(name: string, value: string): string {
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) throw invalidArgument("Invalid header value", name, value);
    return Buffer.from(value, "utf8").toString("latin1");
}

function taggingHeader(xml: string): string {
    const root = parseXml(xml);
    const [set, ...more] = root.children;
    if (root.name !== "Tagging" || set?.name !== "TagSet" || more.length > 0) throw malformedXml();
    const tags = set.children.map((tag): [string, string] => [childText(tag, "Key"), childText(tag, "Value")]);
    return new URLSearchParams(tags).toString();
}

function childText({ children }: XmlElement, name: string): string {
    const child = children.find((one) => one.name === name);
    if (child === undefined) throw malformedXml();
    return child.text;
}
