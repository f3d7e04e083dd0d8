import { compileConditions, type ConditionTest } from "./conditions";
import { compileArn, compileText, type Matcher } from "./pattern";
import { compileNotPrincipal, compilePrincipal, type PrincipalMatch } from "./principals";
import type { Question } from "./question";

/** Where a policy is attached; decides which elements its statements have. */
export type PolicyKind = "identity" | "resource" | "trust";

export interface CompiledStatement {
    readonly effect: "Allow" | "Deny";
    /** Such as `statement DenyInsecureTransport`, or its number when it has no Sid. */
    readonly label: string;
    /** How the statement applies to the question, if it does. Statements of identity policies apply to the identity `itself`. */
    applies(question: Question): PrincipalMatch;
}

/** Compiles one statement. Throws when it is not one that IAM would accept. */
export function compileStatement(
    statement: unknown,
    index: number,
    kind: PolicyKind,
    variables: boolean,
): CompiledStatement {
    if (typeof statement !== "object" || statement === null || Array.isArray(statement)) {
        throw new Error(`statement ${index + 1} is no object`);
    }
    const elements = statement as Record<string, unknown>;
    const label = `statement ${typeof elements.Sid === "string" && elements.Sid !== "" ? elements.Sid : index + 1}`;
    try {
        return compileElements(elements, label, kind, variables);
    } catch (error) {
        throw new Error(`${label}: ${(error as Error).message}`);
    }
}

const ELEMENTS = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

function compileElements(
    elements: Record<string, unknown>,
    label: string,
    kind: PolicyKind,
    variables: boolean,
): CompiledStatement {
    const unknown = Object.keys(elements).find((name) => !ELEMENTS.includes(name));
    if (unknown !== undefined) {
        throw new Error(`${unknown} is no element of a statement`);
    }
    const effect = elements.Effect;
    if (effect !== "Allow" && effect !== "Deny") {
        throw new Error('Effect must be "Allow" or "Deny"');
    }
    const principal = compilePrincipals(elements, kind);
    const action = compileActions(elements);
    const resource = compileResources(elements, kind, variables);
    const conditions: ConditionTest | undefined =
        elements.Condition === undefined ? undefined : compileConditions(elements.Condition, variables);
    return {
        effect,
        label,
        applies(question) {
            if (!action(question.action, question) || !resource(question.resource, question)) {
                return undefined;
            }
            const match = principal ? principal(question.identity) : "itself";
            return match && (!conditions || conditions(question)) ? match : undefined;
        },
    };
}

function compilePrincipals(elements: Record<string, unknown>, kind: PolicyKind) {
    if (kind === "identity") {
        if (elements.Principal !== undefined || elements.NotPrincipal !== undefined) {
            throw new Error("an identity's policy names no principal");
        }
        return undefined;
    }
    const { name, value, negated } = oneOf(elements, "Principal");
    if (value === undefined) {
        throw new Error(`${name} is missing`);
    }
    return negated ? compileNotPrincipal(value) : compilePrincipal(value);
}

function compileActions(elements: Record<string, unknown>): Matcher {
    const { name, value, negated } = oneOf(elements, "Action");
    const matchers = texts(value, name).map((action) => {
        if (action !== "*" && !/^([a-z0-9-]+|\*):[a-z0-9*?]+$/i.test(action)) {
            throw new Error(`"${action}" is no action`);
        }
        return compileText(action.toLowerCase(), { wildcards: true, variables: false });
    });
    return anyOf(matchers, negated);
}

function compileResources(elements: Record<string, unknown>, kind: PolicyKind, variables: boolean): Matcher {
    const { name, value, negated } = oneOf(elements, "Resource");
    if (kind === "trust") {
        if (value !== undefined) {
            throw new Error("a trust policy names no resource");
        }
        return () => true;
    }
    const matchers = texts(value, name).map((resource) => {
        if (resource !== "*" && !resource.startsWith("arn:")) {
            throw new Error(`"${resource}" is no ARN`);
        }
        return compileArn(resource, variables);
    });
    return anyOf(matchers, negated);
}

function oneOf(elements: Record<string, unknown>, name: string): { name: string; value: unknown; negated: boolean } {
    const opposite = elements[`Not${name}`];
    if (opposite !== undefined && elements[name] !== undefined) {
        throw new Error(`${name} and Not${name} exclude each other`);
    }
    return opposite === undefined
        ? { name, value: elements[name], negated: false }
        : { name: `Not${name}`, value: opposite, negated: true };
}

function texts(value: unknown, name: string): string[] {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0 || !list.every((item) => typeof item === "string")) {
        throw new Error(`${name} must be a text or a list of texts`);
    }
    return list;
}

function anyOf(matchers: readonly Matcher[], negated: boolean): Matcher {
    if (matchers.length === 1 && !negated) {
        return matchers[0];
    }
    return (text, question) => matchers.some((match) => match(text, question)) !== negated;
}
