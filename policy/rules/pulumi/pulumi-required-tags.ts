import * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../../support/rule";
import { TAGGABLE_TYPES } from "../../support/taggable";
import { isSet, propsOf, textsOf } from "../../support/values";

export const rule: Rule = {
    id: "pulumi-required-tags",
    title: "Resources have tags that tell whose they are, and what they belong to.",
    why: "Nobody knows whom to ask about a resource without an owner, nor what its costs are for.",
    mend: "Set aws:defaultTags in the stack's config, or tags of the resource.",
    sources: ["Security Hub tagging controls", "Pulumi best-practices resource-tagging"],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: TAGGABLE_TYPES,
    options: {
        keys: {
            what: "Keys of tags that each resource has, in any case.",
            schema: { type: "array", items: { type: "string", minLength: 1 } },
            dev: ["owner", "env", "project"],
            prod: ["owner", "env", "project"],
        },
    },
    *check({ props }, { keys }) {
        const tags = propsOf(props.tags);
        const present = [...Object.keys(tags).filter((key) => isSet(tags, key)), ...defaultTags()].map((key) =>
            key.toLowerCase(),
        );
        const missing = textsOf(keys).filter((key) => !present.includes(key.toLowerCase()));
        if (missing.length > 0) {
            yield { fault: `has no tag ${missing.join(", ")}` };
        }
    },
};

/** Keys of the tags that the stack's config gives every resource. The provider adds them to `tags`; a plan has none. */
function defaultTags(): string[] {
    const config = new pulumi.Config("aws").getObject<{ tags?: Record<string, string> }>("defaultTags");
    return Object.keys(config?.tags ?? {});
}
