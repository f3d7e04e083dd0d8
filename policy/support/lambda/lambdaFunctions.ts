import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { textOf } from "../values";

export const FUNCTION = "aws:lambda/function:Function";
export const ALIAS = "aws:lambda/alias:Alias";

/**
 * The functions of a stack that a property of a resource names: by name or ARN, with a version or alias or without, by an
 * output that is still unknown, or through an alias.
 */
export function functionsOf(resource: StackResource, property: string, stack: Stack): StackResource[] {
    const viaAliases = stack
        .named(resource, property, ALIAS)
        .flatMap((alias) => functionsOf(alias, "functionName", stack));
    const text = ifKnown(() => textOf(resource.props[property]));
    const direct = stack.ofType(FUNCTION).filter((each) => {
        return text === undefined
            ? resource.referred(property).includes(each.urn)
            : functionName(text) === nameOf(each);
    });
    return [...new Set([...direct, ...viaAliases])];
}

/** Name of a function, undefined where AWS will choose it. */
export function nameOf({ outputs }: StackResource): string | undefined {
    return ifKnown(() => textOf(outputs.name));
}

/** The name in `orders`, `orders:live`, `123456789012:function:orders` and `arn:aws:lambda:…:function:orders:live`. */
function functionName(text: string): string | undefined {
    return /^(?:.*:function:)?([\w-]+)(?::[\w$-]+)?$/.exec(text)?.[1];
}
