import type { PlacedPolicy } from "./policy";

/** A declared role with everything that decides what its sessions may do. */
export interface RoleRecord {
    readonly arn: string;
    readonly name: string;
    /** Unique id, `AROA…`; sessions are known as `<id>:<session name>`. */
    readonly id: string;
    readonly trust: PlacedPolicy;
    /** Inline policies and attached ones. */
    readonly policies: readonly PlacedPolicy[];
    readonly boundary?: PlacedPolicy;
    readonly tags: Readonly<Record<string, string>>;
    /** Longest session, in seconds. */
    readonly maxSessionDuration: number;
}

/** The declared roles. */
export interface RoleStore {
    /** By ARN; `undefined` when no such role is declared. */
    find(roleArn: string): RoleRecord | undefined;
}
