import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { ifKnown } from "./known";
import { currentType } from "./types";
import { isSet, listOf, type Props } from "./values";

/** A resource as a rule sees it. Reading a value that is known only after a deployment ends the check (see `failClosed`). */
export interface Resource {
    readonly urn: string;
    /** By its current token. */
    readonly type: string;
    /** The name given in the program. */
    readonly name: string;
    /** What the program declared. */
    readonly props: Props;
    /** Pulumi's options of the resource. */
    readonly options: { readonly protect: boolean };
}

/** A resource among all others of its stack. */
export interface StackResource extends Resource {
    /** Declared values and those that AWS answered, for joins alone: what AWS adds is no declaration. */
    readonly outputs: Props;
    /** Resources whose outputs stand in a property, also where their values are unknown. */
    referred(property: string): readonly string[];
    /** URN of the parent; absent for the stack's own children. */
    readonly parent?: string;
}

/** All resources of a stack. */
export interface Stack {
    readonly resources: readonly StackResource[];
    /** Those of some types, in the order of the program. */
    ofType(...types: readonly string[]): readonly StackResource[];
    /**
     * Resources of some types that name another one in a property: by name, id, ARN or URL, or by an output that is still unknown.
     * E.g. `stack.naming(bucket, "bucket", "aws:s3/bucketPolicy:BucketPolicy")`.
     */
    naming(resource: StackResource, property: string, ...types: readonly string[]): readonly StackResource[];
    /** The resources of some types that a resource names in a property: the other direction of `naming`. */
    named(resource: StackResource, property: string, ...types: readonly string[]): readonly StackResource[];
}

/** The resource that a call of a resource policy is about. */
export function resourceOf({ urn, type, name, props, opts }: ResourceValidationArgs): Resource {
    return { urn, type: currentType(type), name, props, options: { protect: opts.protect } };
}

/** The resources that a call of a stack policy is about. */
export function stackOf(resources: readonly PolicyResource[]): Stack {
    const all = resources.map(stackResource);
    const byType = new Map<string, StackResource[]>();
    for (const resource of all) {
        const same = byType.get(resource.type) ?? [];
        same.push(resource);
        byType.set(resource.type, same);
    }
    const ofType = (...types: readonly string[]) => types.flatMap((type) => byType.get(type) ?? []);
    return {
        resources: all,
        ofType,
        naming: (resource, property, ...types) => ofType(...types).filter((other) => names(other, property, resource)),
        named: (resource, property, ...types) => ofType(...types).filter((other) => names(resource, property, other)),
    };
}

function stackResource(resource: PolicyResource): StackResource {
    const { urn, type, name, props: outputs, opts, parent, propertyDependencies } = resource;
    let props: Props | undefined;
    return {
        urn,
        type: currentType(type),
        name,
        // Each rule gets all resources anew, and looks into few.
        get props() {
            return (props ??= declared(resource));
        },
        outputs,
        options: { protect: opts.protect },
        referred: (property) => (propertyDependencies[property] ?? []).map((each) => each.urn),
        ...(parent && { parent: parent.urn }),
    };
}

const declaredKeys = new Map<string, ReadonlySet<string>>();

/**
 * Notes which properties the program set, as the inputs of a resource tell. Those of all resources come before the question
 * about the stack, which has outputs alone.
 */
export function noteInputs(urn: string, props: Props): void {
    const keys = Object.keys(props);
    const noted = declaredKeys.get(urn);
    if (noted?.size !== keys.length || keys.some((key) => !noted.has(key))) {
        declaredKeys.set(urn, new Set(keys));
    }
}

/**
 * What the program declared, of outputs: a provider answers values, too, for properties that were left out, and in a preview
 * may answer that it does not know them yet. Where no inputs were seen, a value that is unknown counts as declared when it
 * comes from another resource, and a known one always.
 */
function declared({ urn, props, propertyDependencies }: PolicyResource): Props {
    const keys = declaredKeys.get(urn);
    const values = {};
    for (const key of Object.keys(props)) {
        if (keys ? keys.has(key) : key in propertyDependencies || isKnown(props, key)) {
            Object.defineProperty(values, key, { enumerable: true, get: () => props[key] as unknown });
        }
    }
    return values;
}

function isKnown(props: Props, key: string): boolean {
    try {
        return props[key] !== undefined;
    } catch {
        return false;
    }
}

/** Whether a property of a resource, or an element of its list, stands for another resource. */
function names(resource: StackResource, property: string, other: StackResource): boolean {
    if (resource === other) {
        return false;
    }
    if (resource.referred(property).includes(other.urn)) {
        return true;
    }
    const values = isKnown(resource.props, property) ? listOf(resource.props[property]) : [];
    return Array.from(values.keys()).some((index) => {
        const value = ifKnown(() => values[index]);
        return typeof value === "string" && isIdentity(value, other);
    });
}

/**
 * Whether a text identifies a resource. Before the first deployment its ARN and URL are unknown: then a text that ends in its
 * name does.
 */
function isIdentity(text: string, other: StackResource): boolean {
    const { all, names } = identities(other);
    return all.has(text) || (names !== undefined && names.has(text.split(/[:/]/).at(-1)));
}

interface Identities {
    readonly all: ReadonlySet<unknown>;
    /** Undefined where the ARN is known. */
    readonly names?: ReadonlySet<unknown>;
}

const identitiesOf = new WeakMap<StackResource, Identities>();

function identities(resource: StackResource): Identities {
    let found = identitiesOf.get(resource);
    if (!found) {
        const { outputs } = resource;
        const known = (keys: readonly string[]) =>
            new Set(keys.filter((key) => isKnown(outputs, key) && isSet(outputs, key)).map((key) => outputs[key]));
        found = { all: known(IDENTITIES), ...(!isKnown(outputs, "arn") && { names: known(NAMES) }) };
        identitiesOf.set(resource, found);
    }
    return found;
}

/** Outputs by which others name a resource. */
const NAMES = ["name", "bucket", "family", "identifier", "clusterIdentifier"];
const IDENTITIES = ["id", "arn", "url", "keyId", ...NAMES];
