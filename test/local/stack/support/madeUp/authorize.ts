import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";

export function authorizeFactory() {
    return (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
        const token = event.headers?.Authorization;
        if (token === "Bearer nobody") {
            return Promise.reject(new Error("Unauthorized"));
        }
        const Effect = token === "Bearer reader" ? ("Allow" as const) : ("Deny" as const);
        const Statement = [{ Effect, Action: "execute-api:Invoke", Resource: "*" }];
        return Promise.resolve({ principalId: "reader", policyDocument: { Version: "2012-10-17", Statement } });
    };
}
