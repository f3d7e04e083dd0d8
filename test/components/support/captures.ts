import * as v from "valibot";

// Factories that capture what does not survive serialisation, and some that capture what does.

class Counter {
    private count = 0;
    next() {
        return ++this.count;
    }
}
const counter = new Counter();
const seen = new Map<string, number>();
const schema = v.object({ name: v.string() });
let calls = 0;
const limits = { most: 3, names: ["a", "b"] };
const settings = { ...limits, check: (value: number) => value < limits.most };

export const capturesInstance = () => () => Promise.resolve(counter.next());
export const capturesMap = () => () => Promise.resolve(seen.get("a"));
export const capturesSchema = () => () => Promise.resolve(v.parse(schema, {}));
export const assignsToCaptured = () => () => Promise.resolve(++calls);
export const capturesData = () => (event: { value: number }) =>
    Promise.resolve({ ok: settings.check(event.value), names: settings.names, even: isEven(event.value) });

/** Captures parameters of an enclosing function under names that are shadowed inside. */
export function parametrised(label: string, numbers: readonly number[]) {
    return () => (event: { label?: string }) => {
        const inner = ({ label }: { label?: string }) => label ?? "none";
        return Promise.resolve([label, inner(event), numbers.map((number) => number * 2)]);
    };
}

function isEven(value: number): boolean {
    return value === 0 || isOdd(value - 1);
}

function isOdd(value: number): boolean {
    return value !== 0 && isEven(value - 1);
}
