import { awsError } from "../../errors";
import { invalidArgument, notImplemented } from "./errors";
import { headerOf, headersWith } from "./headers";
import type { ObjectEncryption } from "./store/types";
import type { BucketRequest } from "./types";

const algorithmHeader = "x-amz-server-side-encryption";
const keyHeader = "x-amz-server-side-encryption-aws-kms-key-id";
const bucketKeyHeader = "x-amz-server-side-encryption-bucket-key-enabled";

/**
 * How a new object is encrypted: by the request's headers, else by the bucket's default. Nothing is encrypted on disk; what is real are the
 * checks that a key's policy allows its use.
 *
 * @throws InvalidArgument, or KMS.NotFoundException for a key that nobody declared
 */
export function encryptionOf(request: BucketRequest): ObjectEncryption {
    const { algorithm, keyId, bucketKey } = requested(request);
    if (algorithm === "AES256") return { algorithm };
    const managed = keyId === undefined || /(^|:)alias\/aws\/s3$/.test(keyId);
    return {
        algorithm,
        keyArn: managed ? managedKey(request) : customerKey(request, keyId),
        ...(managed ? {} : { customerKey: true }),
        ...(bucketKey ? { bucketKey: true } : {}),
    };
}

/**
 * Asks the policy of an object's key, if it is a customer key, whether the caller may use it.
 *
 * @throws AccessDenied, or an error of KMS
 */
export function authorizeKey(
    { bucket, call, environment, key }: BucketRequest,
    action: "kms:GenerateDataKey" | "kms:Decrypt",
    encryption: ObjectEncryption,
): void {
    if (!encryption.customerKey) return;
    environment.keys.authorizeUse({
        keyId: encryption.keyArn as string,
        principal: call.principal,
        action,
        viaService: "s3",
        encryptionContext: { "aws:s3:arn": encryption.bucketKey ? bucket.arn : `${bucket.arn}/${key}` },
        requestId: call.requestId,
    });
}

/** The headers that tell how an object is encrypted. */
export function encryptionHeaders({ algorithm, keyArn, bucketKey }: ObjectEncryption): Record<string, string> {
    return {
        [algorithmHeader]: algorithm,
        ...(keyArn === undefined ? {} : { [keyHeader]: keyArn }),
        ...(bucketKey ? { [bucketKeyHeader]: "true" } : {}),
    };
}

function requested({ bucket, call }: BucketRequest): {
    algorithm: "AES256" | "aws:kms";
    keyId: string | undefined;
    bucketKey: boolean;
} {
    const byDefault = bucket.config.encryption;
    const algorithm = headerOf(call, algorithmHeader);
    const keyId = headerOf(call, keyHeader);
    const bucketKeyValue = headerOf(call, bucketKeyHeader);
    const bucketKey = bucketKeyValue === undefined ? byDefault.bucketKeyEnabled : bucketKeyValue === "true";
    if (Object.keys(headersWith(call, `${algorithmHeader}-customer-`)).length > 0) {
        throw notImplemented("Encryption with a customer-provided key (SSE-C)");
    }
    if (headerOf(call, `${algorithmHeader}-context`) !== undefined) throw notImplemented(`${algorithmHeader}-context`);
    if (keyId !== undefined && algorithm !== "aws:kms") {
        const message = `Server Side Encryption with AWS KMS managed key requires HTTP header ${algorithmHeader} : aws:kms`;
        throw invalidArgument(message, algorithmHeader, algorithm ?? "null");
    }
    if (algorithm === undefined) return { ...byDefault, keyId: byDefault.kmsMasterKeyId, bucketKey };
    if (algorithm === "aws:kms:dsse") throw notImplemented("Encryption with aws:kms:dsse");
    if (algorithm !== "AES256" && algorithm !== "aws:kms") {
        throw invalidArgument("The encryption method specified is not supported", algorithmHeader, algorithm);
    }
    return { algorithm, keyId, bucketKey };
}

function managedKey({ environment }: BucketRequest): string {
    const { account, keys, region } = environment;
    return keys.resolve("alias/aws/s3") ?? `arn:aws:kms:${region}:${account}:alias/aws/s3`;
}

function customerKey({ environment }: BucketRequest, keyId: string): string {
    const arn = environment.keys.resolve(keyId);
    if (arn === undefined) throw awsError("KMS.NotFoundException", 400, `Key '${keyId}' does not exist`);
    return arn;
}
