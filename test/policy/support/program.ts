import type { Plan } from "../../../plan/types";
import type { Declared } from "./judge";

/** The resources of a plan, as rules are tested with them. */
export function declaredResources({ resources }: Plan): Declared[] {
    return resources.map(({ type, name, inputs, outputs, id, protect }) => ({
        type,
        name,
        props: inputs,
        outputs: { ...outputs, ...(id && { id }) },
        protect,
    }));
}
