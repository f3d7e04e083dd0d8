import { jsonOf, listOf, type Props } from "../values";

/** Rules that a web ACL or rule group declares as JSON, which the provider takes where its own shapes are not deep enough. */
export function rulesOfJson(props: Props, property: string): readonly unknown[] {
    const json = props[property];
    return json === "" ? [] : listOf(jsonOf(json, property));
}
