import { listOf, propsOf, type Props } from "./values";

/**
 * The block at a path of properties, empty when it was left out: `block(props, "target", "ecsParameters")`. A list of one
 * counts as its element, as the v6 and v7 shapes of a property differ in that.
 */
export function block(props: Props, ...path: readonly string[]): Props {
    return path.reduce<Props>((found, key) => propsOf(listOf(found[key])[0]), props);
}
