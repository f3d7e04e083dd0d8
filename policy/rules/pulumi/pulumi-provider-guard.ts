import type { Rule } from "../../support/rule";
import { isSet, jsonOf, listOf } from "../../support/values";

export const rule: Rule = {
    id: "pulumi-provider-guard",
    title: "Each AWS provider names its region, and the accounts that it may deploy to.",
    why: "With the wrong credentials in the environment a stack would be made, or changed, in somebody else's account or region.",
    mend: "Set region and allowedAccountIds of the provider, or aws:region and aws:allowedAccountIds in the stack's config.",
    sources: ["Pulumi policy-packs aws-ts-finops require-region", "quartet"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["pulumi:providers:aws"],
    *check({ props }) {
        if (!isSet(props, "region")) {
            yield { fault: "names no region", finding: "region" };
        }
        // The SDK hands what is no text to a provider as JSON.
        if (listOf(jsonOf(props.allowedAccountIds, "allowedAccountIds")).length === 0) {
            yield { fault: "names no accounts", finding: "allowedAccountIds" };
        }
    },
};
