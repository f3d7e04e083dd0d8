/** The same value, or the same failure, however often it is asked for: checks go on with what an earlier one made. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
}
