import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { looksLikePlaceholder } from "../../support/secretNames";
import { isSet, isTrue, numberOf, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "secret-guard",
    title: "Secrets can be recovered, refuse public policies, and have no value that everybody guesses.",
    why: "A secret that is deleted at once is lost by one mistake. A policy that opens it to everybody, or a value that was written as a placeholder, gives it away.",
    mend: "Leave recoveryWindowInDays out, which gives 30 days, or set 7 to 30.",
    sources: ["prowler secretsmanager_not_publicly_accessible", "quartet"],
    severity: "high",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [
        "aws:secretsmanager/secret:Secret",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "aws:secretsmanager/secretVersion:SecretVersion",
    ],
    check: ({ type, props }) =>
        each(CHECKS[type], function* (faultsOf) {
            yield* faultsOf(props);
        }),
};

type Check = (props: Props) => Generator<Fault>;

function* recoveryWindow(props: Props): Generator<Fault> {
    if (numberOf(props.recoveryWindowInDays) === 0) {
        yield { fault: "is deleted at once, without a time to recover it", finding: "recoveryWindowInDays" };
    }
}

/** Secrets Manager refuses public policies only where it is asked to, and a secret's own `policy` does not ask. */
function* inlinePolicy(props: Props): Generator<Fault> {
    if (isSet(props, "policy") && textOf(props.policy)?.trim() !== "{}") {
        yield {
            fault: "has a policy that may open it to everybody",
            finding: "policy",
            mend: "Put the policy into an aws.secretsmanager.SecretPolicy with blockPublicPolicy: true.",
        };
    }
}

function* policy(props: Props): Generator<Fault> {
    if (!isTrue(props.blockPublicPolicy)) {
        yield {
            fault: "may open its secret to everybody",
            finding: "blockPublicPolicy",
            mend: "Set blockPublicPolicy: true.",
        };
    }
}

/** A value that was written into the program arrives just like a config secret: only its weakness tells. */
function* value(props: Props): Generator<Fault> {
    if (looksLikePlaceholder(textOf(props.secretString) ?? "")) {
        yield {
            fault: "has a value that was written as a placeholder",
            finding: "secretString",
            mend: "Take the value from a config secret or a generator, such as random.RandomPassword.",
        };
    }
}

const CHECKS: Readonly<Record<string, readonly Check[]>> = {
    "aws:secretsmanager/secret:Secret": [recoveryWindow, inlinePolicy],
    "aws:secretsmanager/secretPolicy:SecretPolicy": [policy],
    "aws:secretsmanager/secretVersion:SecretVersion": [value],
};
