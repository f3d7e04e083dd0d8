import { accountOf, hasWildcard } from "./arns";
import type { Condition } from "./conditions";

// Conditions that keep a statement to callers or sources which nobody else can be.

/** Which keys count. Keys come in lower case. */
export type Keys = (key: string) => boolean;

/** Whether a condition demands a fixed value of one of some keys. */
export function isFixedTo(conditions: readonly Condition[], keys: Keys): boolean {
    return fixedTo(conditions, keys).length > 0;
}

/** The conditions that demand a fixed value of one of some keys, and do not hold where it is missing. */
export function fixedTo(conditions: readonly Condition[], keys: Keys): readonly Condition[] {
    return conditions.filter(
        ({ operator, set, ifExists, key, values }) =>
            keys(key) && DEMANDS.has(operator) && !ifExists && set !== "ForAllValues" && areFixed(values),
    );
}

/** Whether all conditions of a denial are such that it spares nobody but fixed callers or sources. */
export function sparesOnlyFixed(conditions: readonly Condition[], keys: Keys): boolean {
    return (
        conditions.length > 0 &&
        conditions.every(
            ({ operator, set, key, values }) => keys(key) && REFUSALS.has(operator) && !set && areFixed(values),
        )
    );
}

/** Keys about who calls, or from where. `kms:ViaService` is none: the services of all accounts have the same name. */
export function tellsCaller(key: string): boolean {
    return CALLER.test(key);
}

/** Keys about that on whose behalf a service of AWS calls. */
export function tellsSource(key: string): boolean {
    return SOURCE.test(key);
}

/**
 * Whether values can't be chosen by just anybody: no wildcards and no variables of IAM, but ARNs with a literal account and
 * paths below a literal organization, and no more of the internet than S3 takes for private.
 */
function areFixed(values: readonly string[]): boolean {
    return values.length > 0 && values.every(isFixed);
}

function isFixed(value: string): boolean {
    const prefix = /^([\d.]+|[\da-f:]+)\/(\d+)$/i.exec(value);
    if (prefix) {
        return Number(prefix[2]) >= (prefix[1].includes(":") ? 32 : 8);
    }
    if (value === "" || value.includes("${")) {
        return false;
    }
    return !hasWildcard(value) || accountOf(value) !== undefined || /^o-\w+\//.test(value);
}

const CALLER =
    /^(?:aws:(?:principal(?:arn|account|orgid|orgpaths)|source(?:arn|account|owner|orgid|orgpaths|vpc|vpcarn|vpce|ip)|vpce(?:account|orgid|orgpaths)|userid)|kms:calleraccount|s3:dataaccesspoint(?:arn|account))$/;
const SOURCE = /^aws:source(?:arn|account|owner|orgid|orgpaths)$/;

const DEMANDS = new Set([
    ...["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"],
]);
const REFUSALS = new Set([
    ...["StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "ArnNotEquals", "ArnNotLike", "NotIpAddress"],
]);
