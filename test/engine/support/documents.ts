import { UNKNOWN } from "../../../tools/engine/unknown";
import type { EngineResource } from "./resources";

/** A document among a resource's inputs: a policy, the body of an API or a dashboard, a format. */
export interface InputDocument {
    /** The resource's name and the property, e.g. `events-policy.policy`. */
    readonly place: string;
    /** False when the value, or a part of it, is known only after a deployment. */
    readonly readable: boolean;
}

/** All documents of a resource: texts that are JSON, and what AWS takes for a document, be it known or not. */
export function documentsOf({ urn, inputs }: EngineResource): InputDocument[] {
    return texts(inputs, urn.split("::").at(-1)!)
        .filter(([place, text]) => DOCUMENT.test(place) || /^[{[]/.test(text))
        .map(([place, text]) => ({ place, readable: !text.includes(UNKNOWN) && !text.includes(OUTPUT_AS_TEXT) }));
}

/** `taskDefinition` is a reference. */
const DOCUMENT = /(policy|document|body|format|template|(?<!task)definitions?|pattern)$/i;

/** How an Output reads that was put into a text. */
const OUTPUT_AS_TEXT = "[Output<T>]";

function texts(value: unknown, place: string): [place: string, text: string][] {
    if (typeof value === "string") {
        return [[place, value]];
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => texts(item, `${place}.${key}`))
        : [];
}
