import * as net from "node:net";
import { compileArn, compileText, type Matcher } from "./pattern";

/** A condition operator without `…IfExists` and set prefix. */
export interface Operator {
    /** `…Not…`: holds when no value of the policy matches, hence also when the request lacks the key. */
    readonly negated: boolean;
    /** Compiles one value of the policy. Throws when the value is not of the operator's type. */
    compile(value: string, variables: boolean): Matcher;
}

/** The operators of the IAM User Guide, "IAM JSON policy elements: Condition operators", except `Null`, which asks for presence only. */
export const operators: ReadonlyMap<string, Operator> = new Map([
    ...both("StringEquals", "StringNotEquals", (value, variables) =>
        compileText(value, { wildcards: false, variables }),
    ),
    ...both("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", equalsIgnoringCase),
    ...both("StringLike", "StringNotLike", (value, variables) => compileText(value, { wildcards: true, variables })),
    ...both("ArnEquals", "ArnNotEquals", compileArn),
    ...both("ArnLike", "ArnNotLike", compileArn),
    ...both("IpAddress", "NotIpAddress", inAddressRange),
    ...both("Bool", undefined, equalsBoolean),
    ...both("BinaryEquals", undefined, equalsBinary),
    ...ordered("Numeric", readNumber),
    ...ordered("Date", readDate),
]);

type Compile = Operator["compile"];

function both(name: string, opposite: string | undefined, compile: Compile): [string, Operator][] {
    const entry: [string, Operator] = [name, { negated: false, compile }];
    return opposite ? [entry, [opposite, { negated: true, compile }]] : [entry];
}

function equalsIgnoringCase(value: string, variables: boolean): Matcher {
    // Only the literal text may be lowered: a variable's key is compared without case anyway.
    const match = compileText(value.toLowerCase(), { wildcards: false, variables });
    return (text, question) =>
        match(text.toLowerCase(), {
            ...question,
            value: (key) => {
                const found = question.value(key);
                return typeof found === "string" ? found.toLowerCase() : found;
            },
        });
}

function inAddressRange(value: string): Matcher {
    const [address, bits] = value.split("/", 2);
    const family = net.isIP(address);
    const longest = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? longest : Number(bits);
    if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > longest || bits === "") {
        throw new Error(`"${value}" is no IP address or CIDR range`);
    }
    const range = new net.BlockList();
    range.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
    return (text) => net.isIP(text) !== 0 && range.check(text, net.isIP(text) === 4 ? "ipv4" : "ipv6");
}

function equalsBoolean(value: string): Matcher {
    const wanted = value.toLowerCase();
    if (wanted !== "true" && wanted !== "false") {
        throw new Error(`"${value}" is neither true nor false`);
    }
    return (text) => text.toLowerCase() === wanted;
}

function equalsBinary(value: string): Matcher {
    if (Buffer.from(value, "base64").toString("base64") !== value) {
        throw new Error(`"${value}" is not Base64`);
    }
    return (text) => text === value;
}

function ordered(type: string, read: (text: string) => number | undefined): [string, Operator][] {
    const compare =
        (holds: (found: number, wanted: number) => boolean): Compile =>
        (value) => {
            const wanted = read(value);
            if (wanted === undefined) {
                throw new Error(`"${value}" is no ${type === "Date" ? "date" : "number"}`);
            }
            return (text) => {
                const found = read(text);
                return found !== undefined && holds(found, wanted);
            };
        };
    return [
        ...both(
            `${type}Equals`,
            `${type}NotEquals`,
            compare((found, wanted) => found === wanted),
        ),
        ...both(
            `${type}LessThan`,
            undefined,
            compare((found, wanted) => found < wanted),
        ),
        ...both(
            `${type}LessThanEquals`,
            undefined,
            compare((found, wanted) => found <= wanted),
        ),
        ...both(
            `${type}GreaterThan`,
            undefined,
            compare((found, wanted) => found > wanted),
        ),
        ...both(
            `${type}GreaterThanEquals`,
            undefined,
            compare((found, wanted) => found >= wanted),
        ),
    ];
}

function readNumber(text: string): number | undefined {
    return /^\s*[-+]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/** ISO 8601, or seconds since 1970; gives milliseconds. */
function readDate(text: string): number | undefined {
    if (/^\d+(\.\d+)?$/.test(text) && text.length > 4) {
        return Number(text) * 1000;
    }
    const time = /^\d{4}(-\d{2}(-\d{2})?)?(T|$)/.test(text) ? Date.parse(text) : NaN;
    return Number.isNaN(time) ? undefined : time;
}
