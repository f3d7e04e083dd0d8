import type { LambdaInvoker } from "../../lambda/types";
import type { Fault } from "../faults";
import { receiveBody } from "../requestBody";
import type { Exchange, Route } from "../types";
import { createLambdaAuthorizers } from "./lambdaAuthorizers";
import { ANONYMOUS, refusedByIam, type Iam } from "./policies";
import { authenticate, type Credentials } from "./signature";
import { signerOf, type Roles } from "./signer";

export interface AuthorizationArgs {
    readonly invoker: LambdaInvoker;
    readonly authorizer: Iam;
    readonly credentials: Credentials;
    readonly roles: Roles;
}

export interface Authorization {
    /** Why a request may not pass; undefined when it may. Notes in the exchange what it learnt of the caller. */
    refuse(exchange: Exchange, route: Route): Promise<Fault | undefined> | Fault | undefined;
}

/**
 * Decides who may call a method, together with the API's resource policy (API Gateway Developer Guide, "How API Gateway resource
 * policies affect authorization workflow"; caller and API are of one account):
 *
 * - without an authorizer, the policy must allow the call;
 * - by IAM, the signer's policies and the API's are united: one Allow suffices;
 * - before a function is asked, the policy must not deny the call; then its answer and the policy are united likewise.
 *
 * A Deny anywhere wins.
 */
export function createAuthorization({ invoker, authorizer, credentials, roles }: AuthorizationArgs): Authorization {
    const lambdaAuthorizers = createLambdaAuthorizers(invoker, authorizer);
    return {
        refuse(exchange, route) {
            const { authorization } = route.method;
            switch (authorization.type) {
                case "NONE":
                    return exchange.api.policy && refusedByIam(exchange, ANONYMOUS, authorizer);
                case "AWS_IAM":
                    return refuseSigned(exchange, { authorizer, credentials, roles });
                case "CUSTOM":
                    return lambdaAuthorizers.refuse(exchange, route, authorization);
            }
        },
    };
}

async function refuseSigned(
    exchange: Exchange,
    { authorizer, credentials, roles }: Omit<AuthorizationArgs, "invoker">,
): Promise<Fault | undefined> {
    // The body's hash is part of what is signed.
    const notReceived = await receiveBody(exchange);
    if (notReceived) {
        return notReceived;
    }
    const authenticated = authenticate(exchange, credentials);
    if ("type" in authenticated) {
        return authenticated;
    }
    const { principal, accessKeyId } = authenticated;
    exchange.signer = signerOf(principal, accessKeyId, roles);
    return refusedByIam(exchange, principal, authorizer);
}
