/** A place among those that may run at the same time. */
export interface Slot {
    /** Resolves when the place is free. */
    readonly free: Promise<void>;
    /** Gives it to the next one; also when it was not free yet. */
    leave(): void;
}

/** Makes the function that hands out places, in the order of asking. */
export function createSlots(count: number): () => Slot {
    let taken = 0;
    const waiting = new Set<() => void>();
    const next = () => {
        for (const enter of waiting) {
            if (taken >= count) return;
            waiting.delete(enter);
            taken++;
            enter();
        }
    };
    return () => {
        let enter!: () => void;
        const free = new Promise<void>((resolve) => (enter = resolve));
        waiting.add(enter);
        next();
        return {
            free,
            leave() {
                if (!waiting.delete(enter)) {
                    taken--;
                    next();
                }
            },
        };
    };
}
