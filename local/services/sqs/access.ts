import { awsError, isAwsError } from "../../errors";
import type { Caller } from "./environment";
import type { Queue } from "./queue/queue";

/**
 * Asks whether the caller may do `sqs:<operation>` on a queue, by its policies and the queue's.
 *
 * @throws AccessDenied
 */
export function authorizeQueue(
    { environment, principal, requestId }: Caller,
    { arn, settings }: Queue,
    operation: string,
): void {
    const question = { principal, action: `sqs:${operation}`, resource: arn, resourcePolicy: settings.policy };
    environment.authorizer.authorize(question, requestId);
}

/** Asks whether the caller may do what belongs to no queue, e.g. `ListQueues`. */
export function authorizeAccount({ environment, principal, requestId }: Caller, operation: string): void {
    environment.authorizer.authorize({ principal, action: `sqs:${operation}`, resource: "*" }, requestId);
}

/**
 * Asks the policy of a queue's customer key, if it has one, whether the caller may send messages (which takes a new data key, and reads
 * the one in use) or receive them.
 *
 * @throws KmsAccessDenied, KmsDisabled or KmsNotFound
 */
export function authorizeKey(
    { environment, principal, requestId }: Caller,
    { arn, settings }: Queue,
    use: "send" | "receive",
): void {
    const keyId = settings.customerKey;
    if (keyId === undefined) return;
    const encryptionContext = { "aws:sqs:arn": arn };
    try {
        for (const action of actions[use]) {
            environment.keys.authorizeUse({
                keyId,
                principal,
                action,
                viaService: "sqs",
                encryptionContext,
                requestId,
            });
        }
    } catch (error) {
        if (!isAwsError(error)) throw error;
        const code = codes[error.code] ?? error.code;
        throw awsError(
            code,
            400,
            `${error.message} (Service: Kms, Status Code: ${error.status}, Request ID: ${requestId})`,
        );
    }
}

const actions = { send: ["kms:GenerateDataKey", "kms:Decrypt"], receive: ["kms:Decrypt"] } as const;

const codes: Readonly<Record<string, string>> = {
    AccessDenied: "KmsAccessDenied",
    "KMS.DisabledException": "KmsDisabled",
    "KMS.NotFoundException": "KmsNotFound",
};
