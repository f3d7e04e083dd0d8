/** Who asks, in the terms that a policy's principals are written in. */
export interface Identity {
    readonly type: "role" | "admin" | "service" | "anonymous";
    /** As people and error messages call it: a session's ARN, an administrator's ARN, a service's name, or `anonymous`. */
    readonly name: string;
    /** ARNs by which a policy may name this principal. */
    readonly arns: readonly string[];
    /** Account number; absent for services and anonymous callers. */
    readonly account?: string;
    /** Such as `lambda.amazonaws.com`. */
    readonly service?: string;
}

/** An access request as compiled statements read it. */
export interface Question {
    readonly identity: Identity;
    /** In lower case, since IAM compares actions without case. */
    readonly action: string;
    readonly resource: string;
    /** The values of a condition key, given in lower case; `undefined` when the request has none. */
    value(key: string): string | readonly string[] | undefined;
}
