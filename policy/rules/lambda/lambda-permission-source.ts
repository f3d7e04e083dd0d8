import { hasWildcard, parseArn } from "../../support/iam/arns";
import { ifKnown } from "../../support/known";
import type { Fault, Rule } from "../../support/rule";
import { isSet, textOf, type Props } from "../../support/values";

const LAYER_PERMISSION = "aws:lambda/layerVersionPermission:LayerVersionPermission";

export const rule: Rule = {
    id: "lambda-permission-source",
    title: "Functions may be invoked, and layers used, by named callers alone.",
    why: "A service calls for whoever asks it to: without a source, anybody's API, bucket or rule in any account can invoke the function.",
    mend: "Set sourceArn to the ARN of the one resource that invokes the function, or sourceAccount.",
    sources: [
        "Security Hub Lambda.1",
        "cdk-nag LambdaFunctionPublicAccessProhibited",
        "checkov CKV_AWS_301",
        "checkov CKV_AWS_364",
        "Pulumi aws-lambda-permission-configure-source-arn",
        "trivy lambda/restrict_source_arn",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:lambda/permission:Permission", LAYER_PERMISSION],
    check: ({ type, props }) => (type === LAYER_PERMISSION ? judgeLayer(props) : judgePermission(props)),
};

function* judgeLayer(props: Props): Generator<Fault> {
    if (textOf(props.principal) === "*" && !isSet(props, "organizationId")) {
        yield { fault: "lets everybody use the layer", mend: "Set principal to an account, or organizationId." };
    }
}

function* judgePermission(props: Props): Generator<Fault> {
    const principal = textOf(props.principal) ?? "";
    if (principal === "*") {
        if (!isSet(props, "principalOrgId")) {
            yield {
                fault: "lets everybody invoke the function",
                mend: "Set principal to an account, role or service, or principalOrgId.",
            };
        }
    } else if (/\.amazon(aws)?\.com(\.cn)?$/.test(principal)) {
        yield* judgeService(principal, props);
    }
}

function* judgeService(principal: string, props: Props): Generator<Fault> {
    if (isSet(props, "sourceAccount") || (principal.startsWith("alexa-") && isSet(props, "eventSourceToken"))) {
        return;
    }
    if (!isSet(props, "sourceArn") || isOfAnybody(ifKnown(() => textOf(props.sourceArn)))) {
        yield { fault: `lets ${principal} invoke the function for every account` };
    } else if (principal === "s3.amazonaws.com") {
        yield {
            fault: "lets s3.amazonaws.com invoke the function for whoever owns a bucket of that name",
            mend: "Set sourceAccount, too, as a bucket's ARN names no account.",
        };
    }
}

/** Whether a source leaves the account open. One that is known only after a deployment is some resource's ARN. */
function isOfAnybody(sourceArn: string | undefined): boolean {
    return sourceArn !== undefined && hasWildcard(parseArn(sourceArn)?.account ?? sourceArn);
}
