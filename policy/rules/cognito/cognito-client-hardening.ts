import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isFalse, textOf, textsOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "cognito-client-hardening",
    title: "Clients of user pools tell nobody who is a user, can revoke tokens and hand out none in URLs.",
    why: "Answers that differ for known and unknown users give a list of users to attack. Tokens in URLs end up in histories and logs, and what can't be revoked stays valid there.",
    mend: "Set preventUserExistenceErrors to ENABLED.",
    sources: [
        "prowler cognito_user_pool_client_prevent_user_existence_errors",
        "prowler cognito_user_pool_client_token_revocation_enabled",
        "quartet",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:cognito/userPoolClient:UserPoolClient", "aws:cognito/managedUserPoolClient:ManagedUserPoolClient"],
    *check({ props }) {
        yield* each([hidesUsers, revokesTokens, avoidsImplicitFlow], (check) => check(props));
    },
};

function* hidesUsers({ preventUserExistenceErrors }: Props): Generator<Fault> {
    if (textOf(preventUserExistenceErrors) !== "ENABLED") {
        yield { fault: "tells whether a user exists", finding: "preventUserExistenceErrors" };
    }
}

/** Cognito turns this on for new clients. */
function* revokesTokens({ enableTokenRevocation }: Props): Generator<Fault> {
    if (isFalse(enableTokenRevocation)) {
        yield {
            fault: "can't revoke tokens",
            finding: "enableTokenRevocation",
            mend: "Leave enableTokenRevocation out.",
        };
    }
}

function* avoidsImplicitFlow({ allowedOauthFlows }: Props): Generator<Fault> {
    if (textsOf(allowedOauthFlows).includes("implicit")) {
        yield {
            fault: "allows the implicit flow, which hands out tokens in URLs",
            finding: "allowedOauthFlows",
            mend: "Set allowedOauthFlows to code.",
        };
    }
}
