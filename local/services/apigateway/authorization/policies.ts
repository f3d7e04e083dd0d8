import { isAwsError } from "../../../errors";
import type { AccessRequest, Authorizer, Principal } from "../../../iam/types";
import type { Fault } from "../faults";
import { sourceArn } from "../lambdaProxy";
import type { Exchange } from "../types";

export type Iam = Pick<Authorizer, "decide" | "authorize">;

export const ANONYMOUS: Principal = { type: "anonymous" };

/** The question whether a principal may invoke the method called, by its own policies and the API's. */
export function invocation(exchange: Exchange, principal: Principal): AccessRequest {
    const { api, sourceIp, request } = exchange;
    const { referer, "user-agent": userAgent } = request.headers;
    return {
        principal,
        action: "execute-api:Invoke",
        resource: methodArn(exchange),
        context: {
            "aws:SourceIp": sourceIp,
            ...(referer === undefined ? {} : { "aws:Referer": referer }),
            ...(userAgent === undefined ? {} : { "aws:UserAgent": userAgent }),
        },
        ...(api.policy ? { resourcePolicy: api.policy } : {}),
    };
}

/** Puts the question to IAM, which keeps the decision in its trace. */
export function refusedByIam(exchange: Exchange, principal: Principal, iam: Iam): Fault | undefined {
    const request = invocation(exchange, principal);
    try {
        iam.authorize(request, exchange.requestId);
        return undefined;
    } catch (error) {
        if (!isAwsError(error)) {
            throw error;
        }
        return { type: "ACCESS_DENIED", message: masked(error.message, request.resource) };
    }
}

/** ARN of the method called, with the path as it was sent. */
export function methodArn(exchange: Exchange): string {
    return sourceArn(exchange, exchange.path);
}

/** API Gateway shows the last four digits of the account that owns the API. */
function masked(message: string, arn: string): string {
    return message.replace(arn, () => arn.replace(/:\d{8}(\d{4}):/, ":********$1:"));
}
