import type { Plan, PlannedResource } from "../plan/types";
import { declaredOnly } from "./declaredOnly";
import type { ResourceProvider } from "./gateway/types";

/**
 * Brings a plan's resources into being, each after those it depends on. A remote component counts as a resource: the plan
 * has nothing of what it is made of.
 *
 * @returns How many resources of each type are declared only.
 * @throws Before anything is applied, when a type is neither served nor declared only; and what a provider throws, with the
 * resource's name.
 */
export async function applyPlan(plan: Plan, providers: readonly ResourceProvider[]): Promise<Record<string, number>> {
    const apply = Object.assign({}, ...providers.map((provider) => provider.apply)) as ResourceProvider["apply"];
    const resources = plan.resources.filter(
        ({ custom, remote, type }) => (custom || remote) && !type.startsWith("pulumi:"),
    );
    refuseUnknown(resources, apply);
    const declared: Record<string, number> = {};
    for (const resource of resources) {
        const applyOne = apply[resource.type];
        if (applyOne) {
            await named(resource, () => applyOne(resource));
        } else {
            declared[resource.type] = (declared[resource.type] ?? 0) + 1;
        }
    }
    for (const provider of providers) {
        await provider.ready?.();
    }
    return declared;
}

function refuseUnknown(resources: readonly PlannedResource[], apply: ResourceProvider["apply"]): void {
    const unknown = resources.filter(({ type }) => !apply[type] && !declaredOnly.has(type));
    if (unknown.length > 0) {
        const list = unknown.map(({ type, name }) => `${type} (${name})`).join(", ");
        throw new Error(`The local run does not support ${list}.`);
    }
}

async function named({ type, name }: PlannedResource, action: () => void | Promise<void>): Promise<void> {
    try {
        await action();
    } catch (error) {
        throw new Error(`${name} (${type}): ${(error as Error).message}`, { cause: error });
    }
}
