import type { PlannedResource } from "../../../plan/types";
import type { ResourceProvider } from "../../gateway/types";
import { compilePolicy, type PlacedPolicy } from "../../iam/policy";
import type { RoleRecord, RoleStore } from "../../iam/roles";
import { createDraft, finish, nameOf, type Draft, type RoleDraft } from "./draft";

/**
 * Roles and policies as the program declares them.
 *
 * What is applied takes effect in `ready`, all at once: while a changed plan is applied, calls are still decided by the former
 * one. A role of the first plan can be found as soon as it is applied.
 */
export function createIam(): ResourceProvider & RoleStore {
    let current: ReadonlyMap<string, RoleRecord> = new Map();
    let draft = createDraft();
    return {
        find: (roleArn) => current.get(roleArn) ?? draft.roles.get(roleArn),
        apply: {
            "aws:iam/role:Role": (resource) => applyRole(draft, resource),
            "aws:iam/rolePolicy:RolePolicy": ({ inputs, outputs }) => {
                const name = String(outputs.name);
                const role = roleNamed(draft, inputs.role, `policy ${name}`);
                role.inline.set(name, inlinePolicy(role, name, inputs.policy));
            },
            "aws:iam/policy:Policy": ({ inputs, outputs }) => {
                const place = `policy ${String(outputs.name)}`;
                draft.managed.set(String(outputs.arn), {
                    place,
                    policy: compilePolicy(inputs.policy, place, "identity"),
                });
            },
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ({ inputs }) => {
                const arn = String(inputs.policyArn);
                attach(draft, roleNamed(draft, inputs.role, `attachment of ${arn}`), arn);
            },
            "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": ({ inputs }) => {
                const role = roleNamed(draft, inputs.roleName, "RolePoliciesExclusive");
                role.onlyInline = new Set(inputs.policyNames as readonly string[]);
            },
        },
        ready() {
            current = new Map([...draft.roles].map(([arn, role]) => [arn, finish(role)]));
            draft = createDraft();
        },
    };
}

function applyRole(draft: Draft, { inputs, outputs, name: declared }: PlannedResource): void {
    const name = String(outputs.name ?? declared);
    const place = `trust policy of role ${name}`;
    const inline = (inputs.inlinePolicies ?? []) as readonly { readonly name?: string; readonly policy?: unknown }[];
    const role: RoleDraft = {
        arn: String(outputs.arn),
        name,
        id: String(outputs.uniqueId),
        trust: { place, policy: compilePolicy(inputs.assumeRolePolicy, place, "trust") },
        inline: new Map(),
        attached: new Map(),
        tags: (outputs.tagsAll ?? inputs.tags ?? {}) as Readonly<Record<string, string>>,
        maxSessionDuration: Number(inputs.maxSessionDuration ?? DEFAULT_SESSION),
        get policies() {
            return [...this.inline.values(), ...this.attached.values()];
        },
    };
    draft.roles.set(role.arn, role);
    for (const { name: policyName, policy } of inline) {
        if (policyName !== undefined && policy !== undefined) {
            role.inline.set(policyName, inlinePolicy(role, policyName, policy));
        }
    }
    for (const arn of (inputs.managedPolicyArns ?? []) as readonly string[]) {
        attach(draft, role, arn);
    }
    // Who bounds roles from outside declares the policy in a program of their own, which is not known on this machine.
    const boundary = draft.managed.get(String(inputs.permissionsBoundary));
    if (boundary) {
        role.boundary = {
            policy: boundary.policy,
            place: `${boundary.place}, the permissions boundary of role ${name}`,
        };
    }
}

/** In seconds. */
const DEFAULT_SESSION = 3600;

function inlinePolicy(role: RoleDraft, name: string, document: unknown): PlacedPolicy {
    const place = `policy ${name} of role ${role.name}`;
    return { place, policy: compilePolicy(document, place, "identity") };
}

function attach(draft: Draft, role: RoleDraft, arn: string): void {
    const { policy, place } = managedPolicy(draft, role, arn);
    role.attached.set(arn, { policy, place: `${place}, attached to role ${role.name}` });
}

function managedPolicy(draft: Draft, role: RoleDraft, arn: string): PlacedPolicy {
    const policy = draft.managed.get(arn);
    if (!policy) {
        const reason = arn.startsWith("arn:aws:iam::aws:")
            ? "is AWS's own, whose text is not known on this machine; declare its statements"
            : "is not declared before the role";
        throw new Error(`role ${role.name}: the policy ${arn} ${reason}`);
    }
    return policy;
}

/** @param role Name or ARN. */
function roleNamed(draft: Draft, role: unknown, user: string): RoleDraft {
    const found = [...draft.roles.values()].find(({ name }) => name === nameOf(String(role)));
    if (!found) {
        throw new Error(`${user}: the role ${String(role)} is not declared`);
    }
    return found;
}
