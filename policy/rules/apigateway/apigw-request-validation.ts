import { METHOD, METHOD_TYPES, methodsOf, type ApiMethod } from "../../support/apigateway/apiMethods";
import { each } from "../../support/failClosed";
import type { Stack, StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { isSet, isTrue } from "../../support/values";

const VALIDATOR = "aws:apigateway/requestValidator:RequestValidator";

export const rule: Rule = {
    id: "apigw-request-validation",
    title: "API Gateway validates bodies and parameters of requests before it calls a function.",
    why: "Requests that make no sense reach the function's code otherwise, which they cost time and may mislead.",
    mend: "Name a validator with validateRequestBody and validateRequestParameters in requestValidatorId of the method, or in x-amazon-apigateway-request-validator of the body.",
    sources: ["cdk-nag AwsSolutions-APIG2", "checkov CKV2_AWS_53"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: METHOD_TYPES,
    joins: [VALIDATOR],
    checkInStack: (resource, stack) =>
        each(methodsOf(resource), function* (method) {
            const { name, finding, verb } = method;
            if (verb !== "OPTIONS" && !isValidated(resource, method, stack)) {
                yield { fault: `does not validate bodies and parameters of ${name}`, ...(finding && { finding }) };
            }
        }),
};

/** A validator that another program makes can't be seen, and counts for one that validates. */
function isValidated(resource: StackResource, { validates }: ApiMethod, stack: Stack): boolean {
    if (resource.type !== METHOD) {
        return validates.body && validates.parameters;
    }
    const validators = stack.named(resource, "requestValidatorId", VALIDATOR);
    return (
        isSet(resource.props, "requestValidatorId") &&
        validators.every(({ props }) => isTrue(props.validateRequestBody) && isTrue(props.validateRequestParameters))
    );
}
