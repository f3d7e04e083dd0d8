import { awsError } from "../../errors";
import type { AwsCall } from "../../gateway/types";
import { invalidArgument } from "./errors";

const overridable = [
    "content-type",
    "content-language",
    "expires",
    "cache-control",
    "content-disposition",
    "content-encoding",
];

/**
 * Headers that the request's `response-…` parameters set in its answer.
 *
 * @throws InvalidRequest for an anonymous caller, InvalidArgument for a value that no header can hold
 */
export function responseOverrides({ principal, query }: AwsCall): Record<string, string> {
    const headers: Record<string, string> = {};
    if (query.size === 0) return headers;
    for (const name of overridable) {
        const value = query.get(`response-${name}`);
        if (value === null) continue;
        if (principal.type === "anonymous") {
            const message = "Request specific response headers cannot be used for anonymous GET requests.";
            throw awsError("InvalidRequest", 400, message);
        }

        if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value))
            throw invalidArgument("Invalid header value", `response-${name}`, value);
        // Node takes a header's characters for bytes.
        headers[name] = Buffer.from(value, "utf8").toString("latin1");
    }
    return headers;
}
