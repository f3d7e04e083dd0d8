import { METHOD_TYPES, methodsOf } from "../../support/apigateway/apiMethods";
import { each } from "../../support/failClosed";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "apigw-method-authorization",
    title: "Methods of REST APIs let in only callers that API Gateway knows.",
    why: "A method without an authorizer or an API key answers everybody on the internet, and only the function's own code is left to refuse them.",
    mend: "Set authorization or apiKeyRequired of the method, or security with an authorizer or x-api-key on the operation of the body.",
    sources: [
        "cdk-nag AwsSolutions-APIG4",
        "checkov CKV_AWS_59",
        "checkov CKV2_AWS_70",
        "trivy apigateway/no_public_access",
        "prowler apigateway_restapi_public_with_authorizer",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: METHOD_TYPES,
    check: (resource) =>
        each(methodsOf(resource), function* (method) {
            const { name, finding, verb, ignored } = method;
            // Browsers send preflights without credentials.
            if (verb === "OPTIONS" || method.authorization !== "NONE" || method.apiKeyRequired) {
                return;
            }
            const because = ignored.length > 0 ? `, since API Gateway does not enforce ${ignored.join(", ")}` : "";
            yield { fault: `lets everybody call ${name}${because}`, ...(finding && { finding }) };
        }),
};
