import { block } from "../../support/blocks";
import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isSet, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "cognito-threat-protection",
    title: "User pools stop suspicious sign-ins.",
    why: "Passwords that leaked elsewhere, and guesses from many addresses, are let in as if their user had come.",
    mend: "Set userPoolTier to PLUS and userPoolAddOns.advancedSecurityMode to ENFORCED.",
    sources: ["cdk-nag AwsSolutions-COG8", "Security Hub Cognito.1", "Security Hub Cognito.4"],
    severity: "medium",
    levels: { dev: "disabled", prod: "advisory" },
    types: ["aws:cognito/userPool:UserPool"],
    *check({ props }) {
        yield* each([isEnforced, isEnforcedForCustomFlows], (check) => check(props));
    },
};

/** Without the tier Plus AWS refuses the mode, but for old pools, which have no tier. */
function* isEnforced(props: Props): Generator<Fault> {
    if (textOf(block(props, "userPoolAddOns").advancedSecurityMode) !== "ENFORCED") {
        yield { fault: "does not enforce threat protection", finding: "advancedSecurityMode" };
    }
}

/** Custom flows, which a function defines, are protected apart. */
function* isEnforcedForCustomFlows(props: Props): Generator<Fault> {
    const { customAuthMode } = block(props, "userPoolAddOns", "advancedSecurityAdditionalFlows");
    if (isSet(block(props, "lambdaConfig"), "defineAuthChallenge") && textOf(customAuthMode) !== "ENFORCED") {
        yield {
            fault: "does not enforce threat protection of its custom authentication",
            finding: "customAuthMode",
            mend: "Set userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode to ENFORCED.",
        };
    }
}
