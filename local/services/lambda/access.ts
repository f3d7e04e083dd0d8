import { awsError, isAwsError } from "../../errors";
import type { Authorizer, Principal } from "../../iam/types";
import type { PermissionStatement } from "./functionPolicy";

/** Who may invoke what. */
export interface Access {
    /** Adds a statement to a function's policy, or replaces the one with its Sid. */
    permit(functionName: string, statement: PermissionStatement): void;
    /** @throws `AccessDeniedException` 403 */
    authorizeInvoke(args: {
        functionName: string;
        arn: string;
        principal: Principal;
        sourceArn?: string;
        requestId: string;
    }): void;
    /** @throws `AccessDeniedException` 403 */
    authorize(principal: Principal, action: string, resource: string, requestId: string): void;
    /** Forgets earlier decisions, because policies may have changed. */
    forget(): void;
}

/**
 * How long a permission holds without being asked for again, in milliseconds. Deciding costs more than a short function takes;
 * conditions on the time of day are late by no more than this.
 */
const REMEMBERED_MS = 5_000;

/** Decisions of one run are few: callers and functions are. Anything beyond comes of session names made up by the caller. */
const MOST_REMEMBERED = 1_000;

export function createAccess(authorizer: Authorizer, account: string): Access {
    const policies = new Map<string, Map<string, PermissionStatement>>();
    const allowedUntil = new Map<string, number>();
    return {
        permit(functionName, statement) {
            const policy = policies.get(functionName) ?? new Map<string, PermissionStatement>();
            policies.set(functionName, policy.set(statement.Sid, statement));
            allowedUntil.clear();
        },
        authorizeInvoke({ functionName, arn, principal, sourceArn, requestId }) {
            const key = `${arn} ${keyOf(principal)} ${sourceArn ?? ""}`;
            const now = Date.now();
            if ((allowedUntil.get(key) ?? 0) > now) {
                return;
            }
            const policy = policies.get(functionName);
            const request = {
                principal,
                action: "lambda:InvokeFunction",
                resource: arn,
                context: sourceArn === undefined ? {} : sourceContext(sourceArn, account),
                ...(policy && { resourcePolicy: { Version: "2012-10-17", Statement: [...policy.values()] } }),
            };
            withLambdaError(() => authorizer.authorize(request, requestId));
            if (allowedUntil.size >= MOST_REMEMBERED) {
                allowedUntil.clear();
            }
            allowedUntil.set(key, now + REMEMBERED_MS);
        },
        authorize: (principal, action, resource, requestId) =>
            withLambdaError(() => authorizer.authorize({ principal, action, resource }, requestId)),
        forget: () => allowedUntil.clear(),
    };
}

function keyOf(principal: Principal): string {
    switch (principal.type) {
        case "role":
            return `${principal.roleArn}/${principal.sessionName}`;
        case "admin":
            return principal.arn;
        case "service":
            return principal.service;
        case "anonymous":
            return "*";
    }
}

/** Buckets' ARNs hold no account: then it is this one. */
function sourceContext(sourceArn: string, account: string): Record<string, string> {
    return { "aws:SourceArn": sourceArn, "aws:SourceAccount": sourceArn.split(":")[4] || account };
}

/** Lambda's name for a refusal. */
function withLambdaError(authorize: () => void): void {
    try {
        authorize();
    } catch (error) {
        throw isAwsError(error) && error.code === "AccessDenied"
            ? awsError("AccessDeniedException", 403, error.message)
            : error;
    }
}
