import { accountOf } from "./arns";
import type { Condition } from "./conditions";
import { fixedTo, tellsSource } from "./fixedValues";

/**
 * Whether conditions say on whose behalf a service may act: for which account or organization, be it by the account of an ARN.
 * The ARN of a bucket has none, and who makes a bucket of the same name after it was deleted has the same.
 */
export function namesSource(conditions: readonly Condition[]): boolean {
    return fixedTo(conditions, (key) => tellsSource(key) || ENCRYPTED_FOR.test(key)).some(
        ({ key, values }) => !/arn$/.test(key) || values.every((value) => accountOf(value) !== undefined),
    );
}

/** The thing that a service uses a key for, where it tells no source: `kms:EncryptionContext:aws:logs:arn` of log groups. */
const ENCRYPTED_FOR = /^kms:encryptioncontext:aws:[\w-]+:arn$/;
