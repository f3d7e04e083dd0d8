import type { PlacedPolicy } from "../../iam/policy";
import type { RoleRecord } from "../../iam/roles";

/** A role whose policies are still being applied. */
export interface RoleDraft extends Omit<RoleRecord, "boundary"> {
    /** By name. */
    readonly inline: Map<string, PlacedPolicy>;
    /** By ARN. */
    readonly attached: Map<string, PlacedPolicy>;
    boundary?: PlacedPolicy;
    /** Names of the inline policies that may stay, when a RolePoliciesExclusive says so. */
    onlyInline?: ReadonlySet<string>;
}

/** A plan in the course of being applied. */
export interface Draft {
    /** By ARN. */
    readonly roles: Map<string, RoleDraft>;
    /** Policies that can be attached, by ARN. */
    readonly managed: Map<string, PlacedPolicy>;
}

export function createDraft(): Draft {
    return { roles: new Map(), managed: new Map() };
}

/** The role as it stays until the next plan. */
export function finish({ inline, attached, onlyInline, policies: _, ...role }: RoleDraft): RoleRecord {
    const kept = [...inline].filter(([name]) => !onlyInline || onlyInline.has(name)).map(([, policy]) => policy);
    return { ...role, policies: [...kept, ...attached.values()] };
}

/** Last part of a role's ARN; a name stays as it is. */
export function nameOf(role: string): string {
    return role.startsWith("arn:") ? role.slice(role.lastIndexOf("/") + 1) : role;
}
