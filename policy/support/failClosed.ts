import { UnknownValueError } from "@pulumi/policy";
import type { Fault, Faults } from "./rule";

/** Thrown where a value is known but can't be read, such as a document that is no JSON. The message is a predicate without values. */
export class Unreadable extends Error {}

/**
 * The faults of a check. Where it can't go on, because a value is known only after a deployment or by an error of its own,
 * that is a fault too, after those found until then: never silence, and never an end of other checks.
 */
export async function* failClosed(check: () => Faults | undefined): AsyncGenerator<Fault> {
    try {
        yield* check() ?? [];
    } catch (error) {
        yield unjudged(error);
    }
}

/**
 * The faults of all items of a list, each item judged by itself: one that can't be read does not hide the others.
 *
 * @param items A list, perhaps with elements that are known only after a deployment.
 * @param check Judges one item.
 */
export function* each<T>(items: readonly T[], check: (item: T, index: number) => Iterable<Fault>): Generator<Fault> {
    for (let index = 0; index < items.length; index++) {
        try {
            yield* check(items[index], index);
        } catch (error) {
            yield unjudged(error);
        }
    }
}

/** As {@link each}, for checks that wait for facts. */
export async function* eachAsync<T>(
    items: readonly T[],
    check: (item: T, index: number) => Faults,
): AsyncGenerator<Fault> {
    for (let index = 0; index < items.length; index++) {
        yield* failClosed(() => check(items[index], index));
    }
}

/** The fault of what an error kept from being judged. Texts of foreign errors are left out: they may quote a secret. */
export function unjudged(error: unknown): Fault {
    if (error instanceof UnknownValueError) {
        const path = (error as { props: readonly PropertyKey[] }).props.map(String).join(".");
        return {
            finding: `unknown:${path}`,
            fault: `could not be judged, since ${path} is known only after a deployment`,
            mend: "Compute the value from names and config instead of outputs, so that a preview can read it.",
        };
    }
    if (error instanceof Unreadable) {
        return { finding: "unreadable", fault: `could not be judged: ${error.message}` };
    }
    const { name, stack = "" } = error instanceof Error ? error : { name: "something that is no error" };
    const place = /([\w.-]+\.ts:\d+):\d+\)?$/m.exec(stack)?.[1] ?? "an unknown place";
    return {
        finding: "error",
        fault: `could not be judged, since the check ended with ${name} at ${place}`,
        mend: "Report this as a fault of the rule.",
    };
}
