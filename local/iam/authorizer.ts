import { awsError } from "../errors";
import type { TraceEntry } from "../trace";
import { evaluate, type Verdict } from "./evaluate";
import { createQuestion } from "./globalKeys";
import { compilePolicy } from "./policy";
import { identify } from "./principals";
import type { Identity } from "./question";
import { refusalLine, refusalMessage } from "./refusal";
import type { RoleStore } from "./roles";
import type { AccessRequest, Authorizer, Principal } from "./types";

export interface AuthorizerOptions {
    readonly account: string;
    readonly region: string;
    readonly roles: RoleStore;
    /** Receives every decision of {@link Authorizer.authorize}. */
    readonly trace: (entry: TraceEntry) => void;
    /** Receives one line for each refusal. */
    readonly warn: (line: string) => void;
}

/**
 * Decides by the declared policies.
 *
 * A role that is not declared may do nothing, whatever a resource's policy says: its sessions died with it. A resource's
 * policy may be given compiled (`compilePolicy`), which saves finding it by its text.
 */
export function createAuthorizer({ account, region, roles, trace, warn }: AuthorizerOptions): Authorizer {
    const judge = (request: AccessRequest, identity: Identity): Verdict => {
        const role = request.principal.type === "role" ? roles.find(request.principal.roleArn) : undefined;
        if (request.principal.type === "role" && !role) {
            return {
                allowed: false,
                result: "implicitDeny",
                source: "identity",
                by: `${request.principal.roleArn}, which is not declared`,
            };
        }
        return evaluate(createQuestion({ request, identity, role, account, region }), {
            identity: role?.policies ?? [],
            boundary: role?.boundary,
            resource:
                request.resourcePolicy === undefined
                    ? undefined
                    : compilePolicy(request.resourcePolicy, `policy of ${request.resource}`, "resource"),
            combine: request.combine ?? "either",
        });
    };
    return {
        decide: (request) => judge(request, identityOf(request.principal)),
        authorize(request, requestId) {
            const identity = identityOf(request.principal);
            const verdict = judge(request, identity);
            trace({
                time: new Date().toISOString(),
                requestId,
                principal: identity.name,
                action: request.action,
                resource: request.resource,
                decision: verdict.result,
                ...(verdict.by === undefined ? {} : { by: verdict.by }),
            });
            if (!verdict.allowed) {
                warn(refusalLine(request, identity, verdict));
                throw awsError("AccessDenied", 403, refusalMessage(request, identity, verdict));
            }
        },
    };
}

const identities = new WeakMap<Principal, Identity>();

/** Credentials keep one principal for all their calls. */
function identityOf(principal: Principal): Identity {
    let identity = identities.get(principal);
    if (!identity) {
        identity = identify(principal);
        identities.set(principal, identity);
    }
    return identity;
}
