import { Unreadable } from "../../support/failClosed";
import type { Rule } from "../../support/rule";
import { longestDays } from "../../support/secretsmanager/schedules";
import { settings } from "../../support/settings";
import { isFalse, isSet, numberOf, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "secret-rotation",
    title: "Secrets are rotated, at the latest after 90 days.",
    why: "A secret that got out serves whoever has it until it is changed.",
    mend: "Give the secret an aws.secretsmanager.SecretRotation with rotationRules of at most 90 days.",
    sources: [
        "cdk-nag AwsSolutions-SMG4",
        "Security Hub SecretsManager.1",
        "Security Hub SecretsManager.4",
        "checkov CKV2_AWS_57",
        "checkov CKV_AWS_304",
    ],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretRotation:SecretRotation"],
    options: {
        mostDays: {
            what: "The longest time between two rotations, in days",
            schema: { type: "integer", minimum: 1, maximum: 1000 },
            dev: 90,
            prod: 90,
        },
    },
    *check({ type, props }, config) {
        if (type !== "aws:secretsmanager/secretRotation:SecretRotation") {
            return;
        }
        const mostDays = numberOf(config.mostDays)!;
        const days = isFalse(props.rotationEnabled) ? undefined : daysOf(props);
        if (days === undefined) {
            yield { fault: "rotates nothing", mend: "Set rotationRules." };
        } else if (days > mostDays) {
            yield {
                fault: `rotates its secret after up to ${days} days`,
                mend: `Shorten rotationRules to at most ${mostDays} days.`,
            };
        }
    },
    *checkInStack(secret, stack) {
        const rotation = "aws:secretsmanager/secretRotation:SecretRotation";
        if (secret.type !== rotation && stack.naming(secret, "secretId", rotation).length === 0) {
            yield { fault: "is never rotated" };
        }
    },
};

function daysOf(rotation: Props): number | undefined {
    const [rules] = settings(rotation, "rotationRule");
    if (rules === undefined) {
        return undefined;
    }
    if (!isSet(rules, "scheduleExpression")) {
        return numberOf(rules.automaticallyAfterDays);
    }
    const days = longestDays(textOf(rules.scheduleExpression)!);
    if (days === undefined) {
        throw new Unreadable("scheduleExpression is no rate() or cron() of Secrets Manager");
    }
    return days;
}
