import * as assert from "node:assert/strict";
import { rule as hardening } from "../../../policy/rules/cognito/cognito-client-hardening";
import { rule as deletion } from "../../../policy/rules/cognito/cognito-deletion-protection";
import { rule as mfa } from "../../../policy/rules/cognito/cognito-mfa";
import { rule as noGuest } from "../../../policy/rules/cognito/cognito-no-guest";
import { rule as passwords } from "../../../policy/rules/cognito/cognito-password-policy";
import { rule as threats } from "../../../policy/rules/cognito/cognito-threat-protection";
import { judge, UNKNOWN } from "../support/judge";
import type { Rule } from "../../../policy/support/rule";

const unknown = (path: string) =>
    `users could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

/** Titles, inputs and their messages. */
function tries(
    rule: Rule,
    cases: readonly (readonly [string, Record<string, unknown>, ...string[]])[],
    type = "aws:cognito/userPool:UserPool",
): void {
    for (const [title, props, ...messages] of cases) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(rule, { type, name: "users", props }), messages);
        });
    }
}

describe("cognito-password-policy", () => {
    const MEND = "Leave passwordPolicy out, whose default is strong enough, or set the property in it.";
    const without = (characters: string, property: string) =>
        `users takes passwords without ${characters}. ${MEND} [${property}]`;
    const LOWER = without("lower case letters", "requireLowercase");
    const UPPER = without("upper case letters", "requireUppercase");
    const DIGITS = without("digits", "requireNumbers");
    const SYMBOLS = without("symbols", "requireSymbols");
    const SHORT = `users takes passwords of fewer than 8 characters. ${MEND} [minimumLength]`;
    const strong = {
        minimumLength: 8,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercase: true,
    };
    tries(passwords, [
        ["Cognito's default", {}],
        ["a strong policy", { passwordPolicy: { ...strong, temporaryPasswordValidityDays: 7 } }],
        ["a list of one, and texts", { passwordPolicy: [{ ...strong, minimumLength: "12", requireSymbols: "true" }] }],
        ["0 days, which stand for 7", { passwordPolicy: { ...strong, temporaryPasswordValidityDays: 0 } }],
        ["a policy that says nothing", { passwordPolicy: {} }, LOWER, UPPER, DIGITS, SYMBOLS, SHORT],
        ["passwords without lower case letters", { passwordPolicy: { ...strong, requireLowercase: false } }, LOWER],
        ["passwords without upper case letters", { passwordPolicy: { ...strong, requireUppercase: false } }, UPPER],
        ["passwords without digits", { passwordPolicy: { ...strong, requireNumbers: "false" } }, DIGITS],
        ["passwords without symbols", { passwordPolicy: { ...strong, requireSymbols: null } }, SYMBOLS],
        ["short passwords", { passwordPolicy: { ...strong, minimumLength: 7 } }, SHORT],
        [
            "temporary passwords that live long",
            { passwordPolicy: { ...strong, temporaryPasswordValidityDays: 8 } },
            `users takes temporary passwords for 8 days, more than 7. ${MEND} [temporaryPasswordValidityDays]`,
        ],
        [
            "all that can be read beside what can't",
            { passwordPolicy: { ...strong, requireLowercase: UNKNOWN, minimumLength: 6 } },
            unknown("passwordPolicy.requireLowercase"),
            SHORT,
        ],
        ["a policy that can't be read", { passwordPolicy: UNKNOWN }, unknown("passwordPolicy")],
    ]);
});

describe("cognito-mfa", () => {
    const NONE =
        "users does not require a second factor. Set mfaConfiguration to ON and softwareTokenMfaConfiguration to enabled.";
    tries(mfa, [
        ["a second factor", { mfaConfiguration: "ON" }],
        ["what says nothing", {}, NONE],
        ["a second factor for who likes it", { mfaConfiguration: "OPTIONAL" }, NONE],
        ["what can't be read", { mfaConfiguration: UNKNOWN }, unknown("mfaConfiguration")],
    ]);
});

describe("cognito-no-guest", () => {
    const GUESTS = "users gives credentials to guests. Leave allowUnauthenticatedIdentities out.";
    tries(
        noGuest,
        [
            ["the default", {}],
            ["a pool for users alone", { allowUnauthenticatedIdentities: "false" }],
            ["a pool for guests", { allowUnauthenticatedIdentities: true }, GUESTS],
            [
                "what can't be read",
                { allowUnauthenticatedIdentities: UNKNOWN },
                unknown("allowUnauthenticatedIdentities"),
            ],
        ],
        "aws:cognito/identityPool:IdentityPool",
    );
});

describe("cognito-threat-protection", () => {
    const NOT =
        "users does not enforce threat protection. Set userPoolTier to PLUS and userPoolAddOns.advancedSecurityMode to ENFORCED. [advancedSecurityMode]";
    const CUSTOM =
        "users does not enforce threat protection of its custom authentication. " +
        "Set userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode to ENFORCED. [customAuthMode]";
    const enforced = { advancedSecurityMode: "ENFORCED" };
    const custom = { lambdaConfig: { defineAuthChallenge: UNKNOWN } };
    tries(threats, [
        ["a pool that enforces it", { userPoolTier: "PLUS", userPoolAddOns: enforced }],
        ["a function that is no custom flow", { userPoolAddOns: [enforced], lambdaConfig: { preSignUp: UNKNOWN } }],
        [
            "a custom flow that is protected, too",
            {
                ...custom,
                userPoolAddOns: { ...enforced, advancedSecurityAdditionalFlows: { customAuthMode: "ENFORCED" } },
            },
        ],
        ["what says nothing", {}, NOT],
        ["a pool that only watches", { userPoolAddOns: { advancedSecurityMode: "AUDIT" } }, NOT],
        ["a custom flow that says nothing", { ...custom, userPoolAddOns: enforced }, CUSTOM],
        [
            "all that can be read beside what can't",
            { ...custom, userPoolAddOns: { advancedSecurityMode: UNKNOWN } },
            unknown("userPoolAddOns.advancedSecurityMode"),
            CUSTOM,
        ],
    ]);
});

describe("cognito-deletion-protection", () => {
    const NONE = "users is not protected from deletion. Set deletionProtection to ACTIVE.";
    tries(deletion, [
        ["a protected pool", { deletionProtection: "ACTIVE" }],
        ["what says nothing", {}, NONE],
        ["a pool that refuses", { deletionProtection: "INACTIVE" }, NONE],
        ["what can't be read", { deletionProtection: UNKNOWN }, unknown("deletionProtection")],
    ]);
});

for (const type of ["userPoolClient:UserPoolClient", "managedUserPoolClient:ManagedUserPoolClient"]) {
    describe(`cognito-client-hardening, of aws:cognito/${type}`, () => {
        const TELLS =
            "users tells whether a user exists. Set preventUserExistenceErrors to ENABLED. [preventUserExistenceErrors]";
        const KEEPS = "users can't revoke tokens. Leave enableTokenRevocation out. [enableTokenRevocation]";
        const IMPLICIT =
            "users allows the implicit flow, which hands out tokens in URLs. Set allowedOauthFlows to code. [allowedOauthFlows]";
        const hides = { preventUserExistenceErrors: "ENABLED" };
        tries(
            hardening,
            [
                ["a client that hides users", hides],
                ["tokens for codes", { ...hides, enableTokenRevocation: "true", allowedOauthFlows: ["code"] }],
                ["what says nothing", {}, TELLS],
                ["the old answers", { preventUserExistenceErrors: "LEGACY" }, TELLS],
                ["tokens that can't be revoked", { ...hides, enableTokenRevocation: false }, KEEPS],
                ["tokens in URLs", { ...hides, allowedOauthFlows: ["code", "implicit"] }, IMPLICIT],
                [
                    "all that can be read beside what can't",
                    {
                        preventUserExistenceErrors: UNKNOWN,
                        enableTokenRevocation: UNKNOWN,
                        allowedOauthFlows: "implicit",
                    },
                    unknown("preventUserExistenceErrors"),
                    unknown("enableTokenRevocation"),
                    IMPLICIT,
                ],
            ],
            `aws:cognito/${type}`,
        );
    });
}
