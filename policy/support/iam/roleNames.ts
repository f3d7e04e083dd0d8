import { ifKnown } from "../known";
import type { StackResource } from "../resources";
import { isSet, listOf, textOf } from "../values";

/**
 * Whether a property, a list or a single value, names a role: by an output, by its name, or by an ARN. Before its first
 * deployment the ARN of a role is unknown, but its name, which ends the ARN, is not.
 */
export function namesRole(resource: StackResource, property: string, role: StackResource): boolean {
    if (resource.referred(property).includes(role.urn)) {
        return true;
    }
    const names = isSet(resource.props, property) ? (ifKnown(() => listOf(resource.props[property])) ?? []) : [];
    const own = ["arn", "id", "name"].flatMap((key) => ifKnown(() => textOf(role.outputs[key])) ?? []);
    return Array.from({ length: names.length }, (_, index) => ifKnown(() => textOf(names[index]))).some(
        (name) =>
            name !== undefined &&
            (own.includes(name) || own.includes(/:role\/(?:.*\/)?([^/]+)$/.exec(name)?.[1] ?? "")),
    );
}
