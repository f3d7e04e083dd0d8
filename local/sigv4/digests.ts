import * as crypto from "node:crypto";
import { awsError } from "../errors";
import { checksums, createHash, type Checksum } from "./checksums";

/** Checks that a payload has the digests that its sender promised. */
export interface Digests {
    update(data: Buffer): void;
    /** Throws an AwsError when one differs. */
    verify(trailers: Readonly<Record<string, string>>): void;
}

export interface Promises {
    /** Hexadecimal SHA-256 that was signed; absent when the payload is not signed as a whole. */
    readonly sha256?: string | undefined;
    /** The error when {@link sha256} differs; given the hash that was computed. */
    readonly mismatch: (computed: string) => Error;
    /** Value of a header or of a query parameter that stands for one, by lower-case name; `undefined` for services without such checksums. */
    readonly header?: ((name: string) => string | undefined) | undefined;
    /** Names of trailers that will bring further checksums. */
    readonly trailers: readonly string[];
}

/** Throws an AwsError when a promised checksum cannot be read, or there are several. */
export function createDigests({ sha256, mismatch, header, trailers }: Promises): Digests {
    const hash = sha256 === undefined ? undefined : crypto.createHash("sha256");
    const checks: Check[] = header ? [...contentMd5(header("content-md5")), ...checksum(header, trailers)] : [];
    return {
        update(data) {
            hash?.update(data);
            for (const { sum } of checks) {
                sum.update(data);
            }
        },
        verify(received) {
            const computed = hash?.digest("hex");
            if (computed !== undefined && computed !== sha256) {
                throw mismatch(computed);
            }
            for (const { sum, expected, trailer, message } of checks) {
                if (sum.digest() !== (expected ?? (trailer === undefined ? undefined : received[trailer]))) {
                    throw awsError("BadDigest", 400, message);
                }
            }
        },
    };
}

interface Check {
    readonly sum: Checksum;
    /** Absent when a trailer will tell. */
    readonly expected?: string;
    readonly trailer?: string;
    readonly message: string;
}

function contentMd5(value: string | undefined): Check[] {
    if (value === undefined) {
        return [];
    }
    if (!isBase64(value, 16)) {
        throw awsError("InvalidDigest", 400, "The Content-MD5 you specified was invalid.");
    }
    return [
        {
            sum: createHash("md5"),
            expected: value,
            message: "The Content-MD5 you specified did not match what we received.",
        },
    ];
}

function checksum(header: (name: string) => string | undefined, trailers: readonly string[]): Check[] {
    const checks = Object.entries(checksums).flatMap(([algorithm, { bytes, create }]): Check[] => {
        const name = `x-amz-checksum-${algorithm}`;
        const message = `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
        const expected = header(name);
        if (expected !== undefined && !isBase64(expected, bytes)) {
            throw awsError("InvalidRequest", 400, `Value for ${name} header is invalid.`);
        }
        return [
            ...(expected === undefined ? [] : [{ sum: create(), expected, message }]),
            ...(trailers.includes(name) ? [{ sum: create(), trailer: name, message }] : []),
        ];
    });
    if (checks.length > 1) {
        throw awsError(
            "InvalidRequest",
            400,
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        );
    }
    if (checks.length === 0 && header("x-amz-sdk-checksum-algorithm") !== undefined) {
        throw awsError(
            "InvalidRequest",
            400,
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
        );
    }
    return checks;
}

function isBase64(text: string, bytes: number): boolean {
    const decoded = Buffer.from(text, "base64");
    return decoded.length === bytes && decoded.toString("base64") === text;
}
