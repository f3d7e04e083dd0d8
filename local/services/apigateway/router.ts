import type { Method, Route } from "./types";

/**
 * Finds methods as API Gateway does: a fixed segment goes before a parameter, a parameter before `{proxy+}`; a resource that
 * lacks the verb is passed over for a less specific one. Slashes at the end and doubled ones don't count.
 */
export function createRouter(methods: readonly Method[]): (verb: string, path: string) => Route | undefined {
    const root = emptyNode();
    for (const method of methods) {
        insert(root, method);
    }
    return (verb, path) => {
        const segments = path.split("/").filter((segment) => segment !== "");
        const values: string[] = [];
        const method = find(root, segments, 0, verb, values);
        return method && { method, pathParameters: named(method.resourcePath, values) };
    };
}

/** Names in braces, in their order: `["id"]` for `/orders/{id}`. */
export function parameterNames(resourcePath: string): string[] {
    return Array.from(resourcePath.matchAll(/\{([^}+]+)\+?\}/g), ([, name]) => name);
}

interface Node {
    readonly children: Map<string, Node>;
    parameter?: Node;
    greedy?: Node;
    readonly methods: Map<string, Method>;
}

function emptyNode(): Node {
    return { children: new Map(), methods: new Map() };
}

function insert(root: Node, method: Method): void {
    let node = root;
    for (const segment of method.resourcePath.split("/").filter(Boolean)) {
        if (segment.endsWith("+}")) {
            node = node.greedy ??= emptyNode();
        } else if (segment.startsWith("{")) {
            node = node.parameter ??= emptyNode();
        } else {
            const child = node.children.get(segment) ?? emptyNode();
            node.children.set(segment, child);
            node = child;
        }
    }
    node.methods.set(method.httpMethod, method);
}

function find(node: Node, segments: readonly string[], at: number, verb: string, values: string[]): Method | undefined {
    if (at === segments.length) {
        return methodOf(node, verb);
    }
    const child = node.children.get(segments[at]);
    const exact = child && find(child, segments, at + 1, verb, values);
    if (exact) {
        return exact;
    }
    const before = values.length;
    if (node.parameter) {
        values.push(segments[at]);
        const found = find(node.parameter, segments, at + 1, verb, values);
        if (found) {
            return found;
        }
        values.length = before;
    }
    const greedy = node.greedy && methodOf(node.greedy, verb);
    if (greedy) {
        values.push(segments.slice(at).join("/"));
    }
    return greedy;
}

/** The verbs that ANY stands for. */
const ANY = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

function methodOf({ methods }: Node, verb: string): Method | undefined {
    return methods.get(verb) ?? (ANY.has(verb) ? methods.get("ANY") : undefined);
}

function named(resourcePath: string, values: readonly string[]): Route["pathParameters"] {
    if (values.length === 0) {
        return null;
    }
    return Object.fromEntries(parameterNames(resourcePath).map((name, index) => [name, values[index]]));
}
