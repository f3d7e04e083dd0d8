import { block } from "../../support/blocks";
import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isSet, isTrue, numberOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "cognito-password-policy",
    title: "User pools ask for strong passwords.",
    why: "Short and simple passwords are guessed, and a temporary one that lives long waits in a mailbox for whoever reads it.",
    mend: "Leave passwordPolicy out, whose default is strong enough, or set the property in it.",
    sources: ["cdk-nag AwsSolutions-COG1", "Security Hub Cognito.3"],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:cognito/userPool:UserPool"],
    options: {
        leastLength: {
            what: "How many characters passwords must have at least",
            schema: { type: "integer", minimum: 6, maximum: 99 },
            dev: 8,
            prod: 8,
        },
        mostTemporaryDays: {
            what: "How long temporary passwords may be valid, in days",
            schema: { type: "integer", minimum: 1, maximum: 365 },
            dev: 7,
            prod: 7,
        },
    },
    *check({ props }, config) {
        const isLeftOut = !isSet(props, "passwordPolicy");
        const policy = isLeftOut ? DEFAULT : block(props, "passwordPolicy");
        yield* each(REQUIRED, ([property, characters]) => requires(policy, property, characters));
        yield* each([policy], (given) => isLong(given, numberOf(config.leastLength)!));
        yield* each([policy], (given) => isTemporary(given, numberOf(config.mostTemporaryDays)!));
    },
};

/** What Cognito asks for when a pool says nothing. A policy that leaves out what it requires does not require it. */
const DEFAULT: Props = {
    minimumLength: 8,
    requireLowercase: true,
    requireNumbers: true,
    requireSymbols: true,
    requireUppercase: true,
};

const REQUIRED: readonly (readonly [string, string])[] = [
    ["requireLowercase", "lower case letters"],
    ["requireUppercase", "upper case letters"],
    ["requireNumbers", "digits"],
    ["requireSymbols", "symbols"],
];

function* requires(policy: Props, property: string, characters: string): Generator<Fault> {
    if (!isTrue(policy[property])) {
        yield { fault: `takes passwords without ${characters}`, finding: property };
    }
}

function* isLong({ minimumLength }: Props, least: number): Generator<Fault> {
    const length = numberOf(minimumLength) ?? 0;
    if (length < least) {
        yield { fault: `takes passwords of fewer than ${least} characters`, finding: "minimumLength" };
    }
}

/** Left out, and 0, stand for Cognito's 7 days. */
function* isTemporary({ temporaryPasswordValidityDays }: Props, most: number): Generator<Fault> {
    const days = numberOf(temporaryPasswordValidityDays) || 7;
    if (days > most) {
        yield {
            fault: `takes temporary passwords for ${days} days, more than ${most}`,
            finding: "temporaryPasswordValidityDays",
        };
    }
}
