import { methodsOf, type ApiMethod } from "../apigateway/apiMethods";
import { block } from "../blocks";
import type { Resource } from "../resources";
import { isSet, textsOf } from "../values";

/**
 * Routes of an API that callers sign, among those that elements of a resource policy stand for. What a policy allows to
 * everybody there, everybody may call who has an account of AWS. Of other routes an authoriser decides, or the route is open
 * without a policy, too. Undefined where the API does not tell its routes, or can be reached from VPCs alone, by a policy.
 */
export function signedRoutes(api: Resource, resources: readonly string[]): readonly string[] | undefined {
    const { props } = api;
    if (!isSet(props, "body") || textsOf(block(props, "endpointConfiguration").types).includes("PRIVATE")) {
        return undefined;
    }
    return methodsOf(api)
        .filter((method) => isMeant(method, resources) && method.authorization === "AWS_IAM")
        .map(({ name }) => name);
}

function isMeant({ verb, name }: ApiMethod, resources: readonly string[]): boolean {
    const verbs = verb === "ANY" ? ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"] : [verb];
    const path = name
        .replace(/^\w+ /, "")
        .replace(/\{[^}]*\+\}/g, "*")
        .replace(/\{[^}]*\}/g, SEGMENT);
    return resources.some((resource) => verbs.some((each) => standsFor(resource, `${each}${path}`)));
}

/** The stage of a route is not known: the one that an element names counts. */
function standsFor(resource: string, route: string): boolean {
    const pattern = /^(?:execute-api:|arn:[\w-]+:execute-api:[^:]*:[^:]*:[^/]*)\/(.+)$/s.exec(resource)?.[1] ?? "*";
    const stage = pattern.split("/")[0].replace(/[*?]+/g, "x");
    return overlap(pattern, `${stage}/${route}`);
}

/** Stands for a parameter of a path, which is any text without a slash. */
const SEGMENT = "\0";

/** Whether there is a text that two patterns with `*` and `?`, the other one also with segments, both stand for. */
function overlap(one: string, other: string): boolean {
    const known = new Map<string, boolean>();
    const from = (i: number, j: number): boolean => {
        const key = `${i} ${j}`;
        const result = known.get(key) ?? step(i, j);
        known.set(key, result);
        return result;
    };
    const step = (i: number, j: number): boolean => {
        const [a, b] = [one[i], other[j]];
        if (a === "*") {
            return from(i + 1, j) || (b !== undefined && from(i, j + 1));
        }
        if (b === "*") {
            return from(i, j + 1) || (a !== undefined && from(i + 1, j));
        }
        if (a === undefined || b === undefined) {
            return a === b;
        }
        if (b === SEGMENT) {
            return a !== "/" && (from(i + 1, j) || from(i + 1, j + 1));
        }
        return (a === b || a === "?") && from(i + 1, j + 1);
    };
    return from(0, 0);
}
