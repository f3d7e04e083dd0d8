import { block } from "../../support/blocks";
import type { Rule } from "../../support/rule";
import { textOf, textsOf } from "../../support/values";

export const rule: Rule = {
    id: "lambda-function-url-auth",
    title: "Function URLs take signed requests alone, and name the origins of pages that may call them.",
    why: "A URL without authorization lets everybody on the internet run the function, past API Gateway and its limits.",
    mend: "Set authorizationType to AWS_IAM.",
    sources: ["cdk-nag LambdaFunctionUrlAuth", "checkov CKV_AWS_258", "checkov CKV2_AWS_75"],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    *check({ props }) {
        if (textOf(props.authorizationType) !== "AWS_IAM") {
            yield { fault: "lets everybody invoke the function", finding: "authorizationType" };
        }
        if (textsOf(block(props, "cors").allowOrigins).includes("*")) {
            yield {
                fault: "lets pages of every origin call the function",
                finding: "cors",
                mend: "Name the origins in cors.allowOrigins.",
            };
        }
    },
};
