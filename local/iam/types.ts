/** Who makes a call. */
export type Principal =
    /** A session of a role, as functions and tasks have. */
    | { readonly type: "role"; readonly roleArn: string; readonly sessionName: string }
    /** The local administrator: may do everything that no resource policy or key policy denies. */
    | { readonly type: "admin"; readonly arn: string }
    /** An AWS service acting for a resource, e.g. `apigateway.amazonaws.com`. */
    | { readonly type: "service"; readonly service: string }
    | { readonly type: "anonymous" };

/** Condition keys and their values, e.g. `{ "aws:SecureTransport": "true", "s3:prefix": "events/" }`. Names compare without case. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One question to {@link Authorizer.decide}. */
export interface AccessRequest {
    readonly principal: Principal;
    /** e.g. `s3:PutObject` */
    readonly action: string;
    /** The ARN acted on; its text is literal: a `*` in an object key is no wildcard. */
    readonly resource: string;
    /** Keys particular to this call; the authorizer adds the global ones (`aws:PrincipalArn`, `aws:SecureTransport`, `aws:CurrentTime`, …). */
    readonly context?: Context;
    /** Policy of the resource itself (bucket, function, queue, key), as JSON text or object. */
    readonly resourcePolicy?: unknown;
    /**
     * How the resource's policy combines with the identity's. `either`: one Allow suffices (same account; S3, Lambda, SQS…).
     * `resource`: the identity's policies count only as far as the resource's policy delegates to the account (KMS keys).
     *
     * @default "either"
     */
    readonly combine?: "either" | "resource";
}

export interface Decision {
    readonly allowed: boolean;
    /** `explicitDeny` when a statement denies, `implicitDeny` when none allows. */
    readonly result: "allow" | "explicitDeny" | "implicitDeny";
    /** Where the deciding statement stands, e.g. `policy write-events of role x` or `the resource's policy`; for people. */
    readonly by?: string;
}

/** Answers whether a principal may do something, by the policies that the program declares. */
export interface Authorizer {
    decide(request: AccessRequest): Decision;
    /**
     * Like {@link decide}, but throws the service's own `AccessDenied` (403), notes the decision in the trace and, when refused, prints
     * which statement is missing.
     */
    authorize(request: AccessRequest, requestId: string): void;
}
