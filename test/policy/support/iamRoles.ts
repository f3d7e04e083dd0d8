import { UNKNOWN, type Declared } from "./judge";

export function document(...Statement: readonly unknown[]) {
    return { Version: "2012-10-17", Statement };
}

export function allow(Action: unknown, Resource: unknown, more: object = {}) {
    return { Effect: "Allow", Action, Resource, ...more };
}

/** A policy of the role `orders`. */
export function rolePolicy(...statements: readonly unknown[]): Declared {
    return {
        type: "aws:iam/rolePolicy:RolePolicy",
        name: "own",
        props: { role: "orders", policy: JSON.stringify(document(...statements)) },
    };
}

/** A policy of the role `orders` that nobody can read before its deployment. */
export const unknownRolePolicy: Declared = { ...rolePolicy(), props: { role: "orders", policy: UNKNOWN } };

/** A role that is named `orders` in AWS, and `role` in the program. */
export function role(props: Readonly<Record<string, unknown>> = {}, more: Partial<Declared> = {}): Declared {
    return { type: "aws:iam/role:Role", name: "role", props: { name: "orders", ...props }, ...more };
}

/** A role with a trust policy. */
export function trusting(...statements: readonly unknown[]): Declared {
    return role({ assumeRolePolicy: document(...statements) });
}

/** What is said where a property is known only after a deployment. */
export function unknown(property: string): string {
    return (
        `could not be judged, since ${property} is known only after a deployment. ` +
        `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${property}]`
    );
}
