import { UnknownValueError } from "@pulumi/policy";

/** What a function reads, or undefined where that is known only after a deployment. For what an unknown value can't make wrong. */
export function ifKnown<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (error instanceof UnknownValueError) {
            return undefined;
        }
        throw error;
    }
}
