import type { AwsCall } from "../../gateway/types";

/**
 * A header's value. Of a presigned URL also an `x-amz-…` parameter, in any case of letters, since signing moves such headers to the query.
 */
export function headerOf(call: Pick<AwsCall, "headers" | "query">, name: string): string | undefined {
    const value = call.headers[name];
    if (value !== undefined) return Array.isArray(value) ? value.join(",") : value;
    if (!name.startsWith("x-amz-") || !isPresigned(call)) return undefined;
    for (const [parameter, hoisted] of call.query) {
        if (parameter.toLowerCase() === name) return hoisted;
    }
    return undefined;
}

/** All headers whose name begins with `prefix`, those of a presigned URL's query included. */
export function headersWith(call: Pick<AwsCall, "headers" | "query">, prefix: string): Record<string, string> {
    const found: Record<string, string> = {};
    if (isPresigned(call)) {
        for (const [name, value] of call.query) {
            if (name.toLowerCase().startsWith(prefix)) found[name.toLowerCase()] = value;
        }
    }
    for (const name in call.headers) {
        if (name.startsWith(prefix)) found[name] = headerOf(call, name) as string;
    }
    return found;
}

function isPresigned({ query }: Pick<AwsCall, "query">): boolean {
    return query.size > 0 && query.has("X-Amz-Signature");
}
