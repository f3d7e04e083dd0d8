import * as v from "valibot";
import { oneLine } from "../oneLine";

/** Who holds a stack of a backend of one's own, by the file that Pulumi leaves there as long as it works. */
export interface Lock {
    /** Where the file is in the backend. */
    readonly key: string;
    /** `<user>@<host>`. */
    readonly owner: string;
    readonly pid: number;
    /** Time of the owner's clock, in milliseconds. */
    readonly since: number;
}

/** The folder of a stack's locks in a backend. Source: `stackLockDir` of pulumi/pulumi, pkg/backend/diy/lock.go. */
export function lockFolder(project: string, stack: string): string {
    return `.pulumi/locks/organization/${project}/${stack}/`;
}

/**
 * Reads the text of a lock.
 *
 * @throws When it is not what Pulumi writes.
 */
export function parseLock(key: string, text: string): Lock {
    try {
        const { pid, username, hostname, timestamp } = v.parse(CONTENT, JSON.parse(text));
        return { key, owner: oneLine(`${username}@${hostname}`), pid, since: Date.parse(timestamp) };
    } catch (error) {
        throw new Error(
            `The lock ${oneLine(key)} is not what Pulumi writes, so nobody knows who holds the stack: look at the file, and run pulumi cancel yourself if nobody does.`,
            { cause: error },
        );
    }
}

// `lockContent` of pulumi/pulumi, pkg/backend/diy/lock.go. Go's times have nanoseconds, which Date.parse takes.
const CONTENT = v.object({
    pid: v.pipe(v.number(), v.integer()),
    username: v.pipe(v.string(), v.minLength(1)),
    hostname: v.pipe(v.string(), v.minLength(1)),
    timestamp: v.pipe(
        v.string(),
        v.regex(/^\d{4}-\d\d-\d\dT/),
        v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
});
