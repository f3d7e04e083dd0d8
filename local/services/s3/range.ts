import { awsError } from "../../errors";

/**
 * The bytes that a `Range` header asks for, `end` not included; undefined for the whole object: without the header, and as in S3 for one
 * with several ranges or none that can be read.
 *
 * @throws InvalidRange when it lies outside the object
 */
export function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
    const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
    if (match === null || header === undefined) return undefined;
    const [, first, last] = match;
    if (first === "" && last === "") return undefined;
    if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
    const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
    const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
    if (start < end) return { start, end };
    const details = { RangeRequested: header, ActualObjectSize: String(size) };
    throw awsError("InvalidRange", 416, "The requested range is not satisfiable", details);
}
