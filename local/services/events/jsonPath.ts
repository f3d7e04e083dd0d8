/**
 * Reads a JSON path as EventBridge takes it: `$.detail.list[0].name`, with `*` for all members or items. What is not there gives
 * undefined, and a path with `*` a list.
 *
 * @throws `Invalid JSONPath …` Source: EventBridge User Guide, "Input transformation".
 */
export function readPath(path: string): (value: unknown) => unknown {
    if (!/^\$(?:\.(?:[\w/-]+|\*)|\[(?:\d+|\*)\])*$/.test(path)) {
        throw new Error(`Invalid JSONPath ${path}`);
    }
    const steps = [...path.matchAll(/\.([\w/-]+|\*)|\[(\d+|\*)\]/g)].map(([, name, index]) => name ?? index);
    return (value) => {
        let found = [value];
        for (const step of steps) {
            found = found.flatMap((one) => follow(one, step));
        }
        return steps.includes("*") ? found : found[0];
    };
}

function follow(value: unknown, step: string): unknown[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    if (step === "*") {
        return Object.values(value);
    }
    return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}
