import { awsError } from "../../../errors";
import type { AwsError } from "../../../errors";
import type { FormFields } from "../../../sigv4/formPolicy";
import { accessDenied } from "../errors";

/** How many bytes a file may have, both bounds included. */
export interface SizeRange {
    readonly min: number;
    readonly max: number;
}

/**
 * Checks a form against its policy (S3 API reference, "POST policy"); answers the sizes that it allows.
 *
 * @param policy Base64, as in the field; its signature has been verified
 * @param bucket that the form is posted to, whatever a field of it says
 * @param now milliseconds since 1970
 * @throws InvalidPolicyDocument, AccessDenied naming the condition that does not hold, or fields that the policy does not mention
 */
export function checkPolicy(policy: string, fields: FormFields, bucket: string, now: number): SizeRange {
    const { expiration, conditions } = parse(policy);
    if (now >= expiration) throw invalidAccording("Policy expired.");
    const mentioned = new Set<string>();
    let range = { min: 0, max: Infinity };
    for (const condition of conditions) {
        if (condition.operator === "content-length-range") {
            range = { min: Math.max(range.min, condition.min), max: Math.min(range.max, condition.max) };
            continue;
        }
        const field = condition.field.toLowerCase();
        mentioned.add(field);
        if (holds(condition, field, field === "bucket" ? bucket : fields.get(field))) continue;
        const shown = [condition.operator, `$${condition.field}`, condition.value].map((text) => JSON.stringify(text));
        throw invalidAccording(`Policy Condition failed: [${shown.join(", ")}]`);
    }
    const extra = [...fields.keys()].filter((name) => !mentioned.has(name) && !isExempt(name));
    if (extra.length > 0) throw invalidAccording(`Extra input fields: ${extra.join(", ")}`);
    return range;
}

interface FieldCondition {
    readonly operator: "eq" | "starts-with";
    readonly field: string;
    readonly value: string;
}

type Condition = FieldCondition | ({ readonly operator: "content-length-range" } & SizeRange);

function parse(policy: string): { expiration: number; conditions: Condition[] } {
    const { expiration, conditions } = jsonObject(Buffer.from(policy, "base64").toString("utf8"));
    if (expiration === undefined) throw invalidPolicy("Policy missing expiration.");
    if (conditions === undefined) throw invalidPolicy("Policy missing conditions.");
    const time = iso8601.test(String(expiration)) ? Date.parse(String(expiration)) : NaN;
    if (Number.isNaN(time)) throw invalidPolicy(`Invalid 'expiration' value: '${String(expiration)}'`);
    if (!Array.isArray(conditions)) throw invalidPolicy("Invalid 'conditions' value: must be a List.");
    return { expiration: time, conditions: conditions.map(parseCondition) };
}

const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function jsonObject(text: string): Record<string, unknown> {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw invalidPolicy("Invalid JSON.");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalidPolicy("Invalid JSON.");
    return value as Record<string, unknown>;
}

function parseCondition(condition: unknown): Condition {
    if (Array.isArray(condition)) return parseTest(condition);
    if (typeof condition !== "object" || condition === null) {
        throw invalidPolicy("Invalid condition test: must be a List or Object.");
    }
    const [entry, ...more] = Object.entries(condition);
    if (entry === undefined || more.length > 0) {
        throw invalidPolicy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
    }
    const [field, value] = entry as [string, unknown];
    if (typeof value !== "string") throw invalidPolicy("Invalid Simple-Condition: value must be a string.");
    return { operator: "eq", field, value };
}

function parseTest([name, first, second, ...more]: readonly unknown[]): Condition {
    const operator = String(name).toLowerCase();
    if (operator !== "eq" && operator !== "starts-with" && operator !== "content-length-range") {
        throw invalidPolicy(`Invalid Condition: unknown operation '${String(name)}'.`);
    }
    if (second === undefined || more.length > 0) throw invalidPolicy(`Invalid ${operator}: wrong number of arguments.`);
    if (operator === "content-length-range") return { operator, min: sizeOf(first), max: sizeOf(second) };
    if (typeof first !== "string" || !first.startsWith("$") || typeof second !== "string") {
        throw invalidPolicy(`Invalid ${operator}: expecting a field that begins with '$', and a string.`);
    }
    return { operator, field: first.slice(1), value: second };
}

function sizeOf(value: unknown): number {
    if (/^\d{1,15}$/.test(String(value))) return Number(value);
    throw invalidPolicy("Invalid content-length-range: expecting two whole numbers.");
}

function holds({ operator, value }: FieldCondition, field: string, actual: string | undefined): boolean {
    if (actual === undefined) return false;
    if (operator === "eq") return actual === value;
    // A list of media types: all of them must match.
    const values = field === "content-type" ? actual.split(",").map((type) => type.trim()) : [actual];
    return values.every((text) => text.startsWith(value));
}

/** Fields that a policy need not mention. */
function isExempt(name: string): boolean {
    return name === "policy" || name === "x-amz-signature" || name.startsWith("x-ignore-");
}

function invalidAccording(detail: string): AwsError {
    return accessDenied(`Invalid according to Policy: ${detail}`);
}

function invalidPolicy(detail: string): AwsError {
    return awsError("InvalidPolicyDocument", 400, `Invalid Policy: ${detail}`);
}
