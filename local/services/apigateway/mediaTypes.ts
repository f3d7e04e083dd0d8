/** A media type without its parameters, in lower case; no header counts as JSON. */
export function mediaType(header: string | undefined): string {
    if (!header) {
        return "application/json";
    }
    const end = header.search(/[;,]/);
    return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

/** Whether a type is one of an API's binary media types. Of wildcards API Gateway knows only the one for all types. */
export function isBinary(type: string, binaryMediaTypes: ReadonlySet<string>): boolean {
    return binaryMediaTypes.size > 0 && (binaryMediaTypes.has("*/*") || binaryMediaTypes.has(type));
}
