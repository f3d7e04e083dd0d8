import { propsListOf, type Props } from "./values";

/**
 * Objects of a property, none when it was left out. Depending on the provider's version a property is one object, or a list
 * whose name ends with an s: `rule` finds `rules`, too.
 */
export function settings(props: Props, name: string): readonly Props[] {
    return [name, `${name}s`].flatMap((key) => (key in props ? Array.from(propsListOf(props[key])) : []));
}
