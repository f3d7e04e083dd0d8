/** Values as they come, and waiting for one of them. */
export interface Feed<T> {
    readonly all: T[];
    readonly add: (value: T) => void;
    /** The first value that matches, of those that came or will come. */
    next(matches: (value: T) => boolean): Promise<T>;
}

export function createFeed<T>(): Feed<T> {
    const all: T[] = [];
    const waiting = new Set<(value: T) => void>();
    return {
        all,
        add(value) {
            all.push(value);
            waiting.forEach((tell) => tell(value));
        },
        next: (matches) =>
            new Promise((resolve) => {
                const known = all.find(matches);
                if (known !== undefined) {
                    resolve(known);
                    return;
                }
                const tell = (value: T) => {
                    if (matches(value)) {
                        waiting.delete(tell);
                        resolve(value);
                    }
                };
                waiting.add(tell);
            }),
    };
}
