import { each, Unreadable } from "../failClosed";
import type { Resource } from "../resources";
import type { Fault } from "../rule";
import { block } from "../blocks";
import { jsonOf, listOf, propsOf, textOf, type Props } from "../values";

/** A container of a task definition. */
export interface Container {
    /** Its name, or `container 2` when it has none. */
    readonly name: string;
    /** The value of a key of its definition. */
    get(key: string): unknown;
}

/** Judges each container of a task definition by itself. Its definitions are JSON text or a list. */
export function* eachContainer(
    { props }: Resource,
    check: (container: Container) => Iterable<Fault>,
): Generator<Fault> {
    const definitions = jsonOf(props.containerDefinitions, "containerDefinitions");
    if (definitions === undefined || definitions === null) {
        throw new Unreadable("it declares no containerDefinitions");
    }
    yield* each(listOf(definitions), (definition, index) => check(containerOf(propsOf(definition), index)));
}

/** The value of a key of a container's definition, whose case does not count: the provider's JSON decoder ignores it. */
export function member(definition: Props, key: string): unknown {
    if (key in definition) {
        return definition[key];
    }
    const other = Object.keys(definition).find((each) => each.toLowerCase() === key.toLowerCase());
    return other === undefined ? undefined : definition[other];
}

/** Whether a task runs Windows, where users and file systems are of another kind. */
export function isWindows({ props }: Resource): boolean {
    const { operatingSystemFamily } = block(props, "runtimePlatform");
    return textOf(operatingSystemFamily)?.toUpperCase().startsWith("WINDOWS") ?? false;
}

function containerOf(definition: Props, index: number): Container {
    return {
        get name() {
            return textOf(member(definition, "name")) ?? `container ${index + 1}`;
        },
        get: (key) => member(definition, key),
    };
}
