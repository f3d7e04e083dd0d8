import type { CompiledPolicy, PlacedPolicy } from "./policy";
import type { Question } from "./question";
import type { AccessRequest, Decision } from "./types";

/** The policies that a decision is made of. */
export interface Policies {
    readonly identity: readonly PlacedPolicy[];
    readonly boundary?: PlacedPolicy | undefined;
    readonly resource?: CompiledPolicy | undefined;
    readonly combine: NonNullable<AccessRequest["combine"]>;
}

export interface Verdict extends Decision {
    /** Which kind of policy decided: the denying or allowing one, or the one that lacks a statement. */
    readonly source: "identity" | "resource" | "boundary";
}

/**
 * Decides as the IAM User Guide's "Policy evaluation logic" says for one account: an explicit Deny anywhere wins; then the
 * identity's and the resource's policies are united, or the resource's must allow or delegate; a boundary must allow, too.
 */
export function evaluate(question: Question, policies: Policies): Verdict {
    const denied =
        findDeny(question, policies.identity, "identity") ??
        findDeny(question, policies.boundary ? [policies.boundary] : [], "boundary") ??
        findDeny(question, policies.resource ? [{ place: RESOURCE, policy: policies.resource }] : [], "resource");
    if (denied) {
        return denied;
    }
    switch (question.identity.type) {
        case "admin":
            return { allowed: true, result: "allow", source: "identity", by: "the local administrator" };
        case "service":
        case "anonymous":
            return byResource(question, policies.resource).allow ?? missing("resource");
        case "role":
            return withinBoundary(question, policies.boundary, forRole(question, policies));
    }
}

const RESOURCE = "the resource's policy";

function findDeny(
    question: Question,
    policies: readonly PlacedPolicy[],
    source: Verdict["source"],
): Verdict | undefined {
    for (const { place, policy } of policies) {
        for (const statement of policy.statements) {
            if (statement.effect === "Deny" && statement.applies(question)) {
                return { allowed: false, result: "explicitDeny", source, by: `${statement.label} of ${place}` };
            }
        }
    }
    return undefined;
}

function forRole(question: Question, { identity, resource, combine }: Policies): Verdict {
    if (combine === "either") {
        return byIdentity(question, identity) ?? byResource(question, resource).allow ?? missing("identity");
    }
    const { allow, delegated } = byResource(question, resource);
    if (allow || !delegated) {
        return allow ?? missing("resource");
    }
    return byIdentity(question, identity) ?? missing("identity");
}

function byIdentity(question: Question, policies: readonly PlacedPolicy[]): Verdict | undefined {
    for (const { place, policy } of policies) {
        for (const statement of policy.statements) {
            if (statement.effect === "Allow" && statement.applies(question)) {
                return { allowed: true, result: "allow", source: "identity", by: `${statement.label} of ${place}` };
            }
        }
    }
    return undefined;
}

function byResource(question: Question, policy: CompiledPolicy | undefined): { allow?: Verdict; delegated: boolean } {
    let delegated = false;
    for (const statement of policy?.statements ?? []) {
        const match = statement.effect === "Allow" ? statement.applies(question) : undefined;
        if (match === "itself") {
            return {
                allow: { allowed: true, result: "allow", source: "resource", by: `${statement.label} of ${RESOURCE}` },
                delegated,
            };
        }
        delegated ||= match === "account";
    }
    return { delegated };
}

function withinBoundary(question: Question, boundary: PlacedPolicy | undefined, verdict: Verdict): Verdict {
    return !boundary || !verdict.allowed || byIdentity(question, [boundary])
        ? verdict
        : missing("boundary", boundary.place);
}

function missing(source: Verdict["source"], by?: string): Verdict {
    return { allowed: false, result: "implicitDeny", source, ...(by === undefined ? {} : { by }) };
}
