/** Items of which the first is always at hand; adding and removing cost the logarithm of their number. */
export interface Heap<T> {
    readonly size: number;
    /** Adds an item that is not in the heap. */
    push(item: T): void;
    first(): T | undefined;
    /** Takes the first item out. */
    pop(): T | undefined;
    /** Takes an item out, wherever it stands; answers whether it was there. */
    remove(item: T): boolean;
    has(item: T): boolean;
}

/** Makes an empty heap. `rank` gives the number that items are ordered by; it must not change while an item is in the heap. */
export function createHeap<T>(rank: (item: T) => number): Heap<T> {
    const items: T[] = [];
    const places = new Map<T, number>();

    function put(item: T, place: number): void {
        items[place] = item;
        places.set(item, place);
    }

    function rise(item: T, from: number): void {
        let place = from;
        while (place > 0) {
            const parent = (place - 1) >> 1;
            if (rank(items[parent]) <= rank(item)) break;
            put(items[parent], place);
            place = parent;
        }
        put(item, place);
    }

    function sink(item: T, from: number): void {
        let place = from;
        for (;;) {
            let child = 2 * place + 1;
            if (child >= items.length) break;
            if (child + 1 < items.length && rank(items[child + 1]) < rank(items[child])) child++;
            if (rank(items[child]) >= rank(item)) break;
            put(items[child], place);
            place = child;
        }
        put(item, place);
    }

    function remove(item: T): boolean {
        const place = places.get(item);
        if (place === undefined) return false;
        places.delete(item);
        const last = items.pop() as T;
        if (last !== item) {
            if (rank(last) < rank(item)) rise(last, place);
            else sink(last, place);
        }
        return true;
    }

    return {
        get size() {
            return items.length;
        },
        push: (item) => rise(item, items.length),
        first: () => items[0],
        pop() {
            const item = items[0];
            if (items.length > 0) remove(item);
            return item;
        },
        remove,
        has: (item) => places.has(item),
    };
}
