import * as crypto from "node:crypto";
import { invalidParameter, unsupported } from "./errors";
import { optionalText, type Input } from "./input";
import type { MessageAttribute } from "./types";

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/**
 * Reads the message attributes of a request; undefined when there are none.
 *
 * @throws InvalidParameterValue
 */
export function readMessageAttributes(map: Input | undefined): MessageAttributes | undefined {
    const entries = Object.entries(map ?? {});
    if (entries.length === 0) return undefined;
    if (entries.length > MOST) {
        throw invalidParameter(
            `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MOST}].`,
        );
    }
    return Object.fromEntries(
        entries.map(([name, value]) => {
            checkName(name);
            return [name, readAttribute(name, (value ?? {}) as Input)];
        }),
    );
}

const MOST = 10;

/** Bytes that attributes add to the size of a message: names, types and values. */
export function attributesSize(attributes: MessageAttributes = {}): number {
    let size = 0;
    for (const [name, attribute] of Object.entries(attributes)) {
        size += Buffer.byteLength(name) + Buffer.byteLength(attribute.dataType) + valueOf(attribute).length;
    }
    return size;
}

/** The MD5 that SQS answers; SQS Developer Guide, "Calculating the MD5 message digest for message attributes". */
export function attributesMd5(attributes: MessageAttributes): string {
    const hash = crypto.createHash("md5");
    const update = (bytes: Buffer) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(bytes.length);
        hash.update(length).update(bytes);
    };
    for (const name of Object.keys(attributes).sort()) {
        const attribute = attributes[name];
        update(Buffer.from(name));
        update(Buffer.from(attribute.dataType));
        hash.update(attribute.binaryValue === undefined ? stringType : binaryType);
        update(valueOf(attribute));
    }
    return hash.digest("hex");
}

const stringType = Buffer.from([1]);
const binaryType = Buffer.from([2]);

/** The attributes that a receiver asks for, by name, `All`, `.*` or `prefix.*`. */
export function selectAttributes(attributes: MessageAttributes = {}, wanted: readonly string[]): MessageAttributes {
    if (wanted.length === 0) return {};
    const matches = (name: string) =>
        wanted.some(
            (one) =>
                one === "All" ||
                one === ".*" ||
                one === name ||
                (one.endsWith(".*") && name.startsWith(one.slice(0, -1))),
        );
    return Object.fromEntries(Object.entries(attributes).filter(([name]) => matches(name)));
}

function checkName(name: string): void {
    if (name === "") throw invalidParameter("The request must contain non-empty message attribute names.");
    if (name.length > 256) throw invalidParameter("Length of message attribute name must be less than 256 bytes.");
    if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
        throw invalidParameter(
            "Invalid non-alphanumeric character was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
        );
    }
    if (/^\.|\.$|\.\.|^(aws|amazon)\./i.test(name)) {
        throw invalidParameter(`The message attribute name '${name}' has reserved prefixes or misplaced dots.`);
    }
}

function readAttribute(name: string, input: Input): MessageAttribute {
    const dataType = optionalText(input, "DataType");
    const stringValue = optionalText(input, "StringValue");
    const binaryValue = optionalText(input, "BinaryValue");
    if (dataType === undefined || dataType === "") {
        throw invalidParameter(`The message attribute '${name}' must contain non-empty message attribute type.`);
    }
    if (dataType.length > 256) {
        throw invalidParameter(`Length of message attribute '${name}' type must be less than 256 bytes.`);
    }
    if (!/^(String|Number|Binary)(\.|$)/.test(dataType)) {
        throw invalidParameter(
            `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
        );
    }
    if (isNotEmpty(input.StringListValues) || isNotEmpty(input.BinaryListValues)) {
        throw unsupported("list values of message attributes");
    }
    const field = dataType.startsWith("Binary") ? "BinaryValue" : "StringValue";
    const [value, other] = field === "BinaryValue" ? [binaryValue, stringValue] : [stringValue, binaryValue];
    if (other !== undefined) {
        throw invalidParameter(`The message attribute '${name}' with type '${dataType}' must use field '${field}'.`);
    }
    if (value === undefined || value === "") {
        throw invalidParameter(
            `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
        );
    }
    if (dataType.startsWith("Number") && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) {
        throw invalidParameter(`Can't cast the value of message attribute '${name}' to a number.`);
    }
    return field === "BinaryValue" ? { dataType, binaryValue: value } : { dataType, stringValue: value };
}

function isNotEmpty(list: unknown): boolean {
    return Array.isArray(list) && list.length > 0;
}

function valueOf({ stringValue, binaryValue }: MessageAttribute): Buffer {
    return stringValue === undefined ? Buffer.from(binaryValue as string, "base64") : Buffer.from(stringValue);
}
