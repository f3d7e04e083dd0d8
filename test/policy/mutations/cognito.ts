import { added, type Mutation } from "../support/mutation";

const POOL = "aws:cognito/userPool:UserPool";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";

/** What the rules take, but for what is changed. */
const SOUND_POOL = { mfaConfiguration: "ON", deletionProtection: "ACTIVE" };
const SOUND_CLIENT = { userPoolId: "eu-west-1_1", preventUserExistenceErrors: "ENABLED" };

export const mutations: readonly Mutation[] = [
    {
        rule: "cognito-password-policy",
        when: "a user pool is added that takes weak passwords",
        stack: "dev",
        change: (resources) => added(resources, POOL, { ...SOUND_POOL, passwordPolicy: { minimumLength: 8 } }),
    },
    {
        rule: "cognito-mfa",
        when: "a user pool is added whose users need no second factor",
        change: (resources) => added(resources, POOL, { ...SOUND_POOL, mfaConfiguration: "OPTIONAL" }),
    },
    {
        rule: "cognito-deletion-protection",
        when: "a user pool is added that can be deleted",
        change: (resources) => added(resources, POOL, { mfaConfiguration: "ON" }),
    },
    {
        rule: "cognito-no-guest",
        when: "an identity pool is added that gives credentials to guests",
        stack: "dev",
        change: (resources) =>
            added(resources, "aws:cognito/identityPool:IdentityPool", {
                identityPoolName: "guests",
                allowUnauthenticatedIdentities: true,
            }),
    },
    {
        rule: "cognito-client-hardening",
        when: "a client is added that tells who is a user",
        change: (resources) => added(resources, CLIENT, { userPoolId: "eu-west-1_1" }),
    },
    {
        rule: "cognito-client-hardening",
        when: "a client is added that hands out tokens in URLs",
        change: (resources) => added(resources, CLIENT, { ...SOUND_CLIENT, allowedOauthFlows: ["implicit"] }),
    },
];
