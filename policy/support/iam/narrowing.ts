import { hasWildcard } from "./arns";
import { demanded, type Condition } from "./conditions";
import { hasGeneratedId } from "./resourceIds";

// Conditions that keep a statement to some resources, though its `Resource` does not.

/** Whether conditions keep a statement to resources with a literal tag, name or ARN, or to what lies in one such. */
export function narrowsResource(conditions: readonly Condition[]): boolean {
    const keys = conditions.map(({ key }) => key).filter((key) => NARROWING.test(key));
    return keys.some((key) => demandedLiterals(conditions, key) !== undefined);
}

/** Values that keys must have, as `demanded`, but only where all are literal: no wildcard and no variable of IAM. */
export function demandedLiterals(
    conditions: readonly Condition[],
    ...keys: readonly string[]
): readonly string[] | undefined {
    const values = demanded(conditions, ...keys);
    return values?.every(isLiteral) ? values : undefined;
}

/**
 * Whether an ARN with a `*` in place of an id that AWS generates still names one thing: by a tag or alias that a condition
 * demands as a literal, or, for API Gateway, by stage, method and path.
 */
export async function namesOneThing(element: string, conditions: () => readonly Condition[]): Promise<boolean> {
    return ROUTE.test(element) || ((await hasGeneratedId(element)) && conditions().some(namesIt));
}

function namesIt({ operator, set, ifExists, key, values }: Condition): boolean {
    return (
        operator === "StringEquals" &&
        set !== "ForAllValues" &&
        !ifExists &&
        (key.startsWith("aws:resourcetag/") || key === "kms:resourcealiases") &&
        values.length === 1 &&
        isLiteral(values[0])
    );
}

function isLiteral(value: string): boolean {
    return value !== "" && !hasWildcard(value) && !value.includes("${");
}

/** Keys about the resource itself, or about that in which it lies. */
const NARROWING =
    /^(?:[\w-]+:resourcetag\/.+|kms:resourcealiases|ecs:cluster|lambda:functionarn|secretsmanager:secretid|ec2:(?:vpc|subnet)|cloudwatch:namespace)$/;

/** A route of API Gateway with any API's id: the stage, method and path are literal. */
const ROUTE = /^arn:[\w-]+:execute-api:[\w-]+:\d{12}:\*\/[^/*?{]+\/[A-Z]+\/[^*?{]*$/;
