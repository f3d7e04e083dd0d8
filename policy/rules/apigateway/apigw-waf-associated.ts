import { STAGE } from "../../support/apigateway/apiStages";
import { ifKnown } from "../../support/known";
import type { Stack, StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

export const rule: Rule = {
    id: "apigw-waf-associated",
    title: "A web ACL of AWS WAF stands before each stage.",
    why: "Without one, floods from single addresses and well-known attacks reach the API and its functions.",
    mend: "Add a WebAclAssociation whose resourceArn is the stage's ARN.",
    sources: ["cdk-nag AwsSolutions-APIG3", "Security Hub APIGateway.4", "checkov CKV2_AWS_29"],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: [STAGE],
    joins: [ASSOCIATION],
    *checkInStack(stage, stack) {
        if (stack.naming(stage, "resourceArn", ASSOCIATION).length === 0 && !isNamedByParts(stage, stack)) {
            yield { fault: "has no web ACL before it" };
        }
    },
};

/** Whether an association's ARN was put together from the API's id and the stage's name, as the stage's own is not known. */
function isNamedByParts({ props }: StackResource, stack: Stack): boolean {
    const end = ifKnown(() => `/restapis/${textOf(props.restApi)}/stages/${textOf(props.stageName)}`);
    return stack
        .ofType(ASSOCIATION)
        .some((each) => end && ifKnown(() => textOf(each.props.resourceArn))?.endsWith(end));
}
