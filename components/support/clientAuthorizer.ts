import type * as pulumi from "@pulumi/pulumi";
import { authorizeJwtsFactory } from "../../handlers/shared/authorizeJwts";
import { authorizeTokensFactory } from "../../handlers/shared/authorizeTokens";
import { authorizedRoutes, type Route } from "../../handlers/shared/route";
import { Callback } from "./callback";
import type { Operations } from "./operations";

/** An OpenID Connect issuer whose tokens are let in, too. */
export interface OpenIdConnect {
    /** What the claim `iss` must be, e.g. `https://login.example.com`. */
    readonly issuer: string;
    /** What the claim `aud` must be. */
    readonly audience: string;
    /** Where the issuer's keys are, as its `/.well-known/openid-configuration` says. */
    readonly jwksUri: string;
}

/** Arguments for {@link clientAuthorizer}. */
export interface ClientAuthorizerArgs {
    /** The API's routes; callers are let in to those with `auth: "authorizer"`. */
    readonly routes: readonly Route[];
    /** SHA-256 digests of each client's live tokens, by client id. */
    readonly clients: Readonly<Record<string, readonly string[]>>;
    /** @default false - tokens of clients alone */
    readonly openIdConnect?: false | OpenIdConnect;
    readonly operations: Operations;
}

/** The function that tells an API who sends `Authorization: Bearer …`. */
export function clientAuthorizer(
    name: string,
    { routes, clients, openIdConnect = false, operations }: ClientAuthorizerArgs,
    opts: pulumi.ComponentResourceOptions,
): Callback {
    const guarded = authorizedRoutes(routes);
    return new Callback(
        name,
        {
            factory: openIdConnect ? () => authorizeJwtsFactory(guarded) : () => authorizeTokensFactory(guarded),
            description: "Lets callers with a bearer token in",
            environment: {
                CLIENTS: JSON.stringify(clients),
                ...(openIdConnect
                    ? {
                          ISSUER: openIdConnect.issuer,
                          AUDIENCE: openIdConnect.audience,
                          JWKS_URI: openIdConnect.jwksUri,
                      }
                    : {}),
            },
            // Each unknown token is an error of this function, since only so API Gateway answers 401. Its own faults become 500.
            alarmOnErrors: false,
            operations,
        },
        opts,
    );
}
