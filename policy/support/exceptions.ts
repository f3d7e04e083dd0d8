import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import type { Resource } from "./resources";
import type { RuleConfig } from "./rule";

/** Allows a finding of the rule whose config it stands in. */
export type Exception = v.InferOutput<typeof exceptionSchema>;

const exceptionSchema = v.strictObject({
    /** The resource, as `<type>::<name>` by its current type, e.g. `aws:sqs/queue:Queue::orders`; or its URN. */
    resource: v.pipe(v.string(), v.regex(/^(urn:pulumi:.+|[\w:/-]+::.+)$/)),
    /** What stands in brackets at the end of the message. @default - all findings of the rule in this resource */
    finding: v.optional(v.pipe(v.string(), v.minLength(1))),
    reason: v.pipe(v.string(), v.minLength(10)),
    /** The last day on which it holds, as `YYYY-MM-DD` in UTC. */
    expires: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
});

/** An exception that a rule was given, and what became of it in this process. */
export interface KnownException extends Exception {
    readonly rule: string;
    used: boolean;
}

/** JSON Schema of the `exceptions` in a rule's config, by which an engine checks the config before it asks anything. */
export const EXCEPTIONS_SCHEMA: PolicyConfigJSONSchema = {
    ...(toJsonSchema(v.array(exceptionSchema)) as PolicyConfigJSONSchema),
    description: "Findings that are allowed: {resource, finding?, reason, expires}",
};

/** The exceptions of a rule's config. @throws When one is not as it must be: it allows nothing, and hides nothing. */
export function exceptionsOf({ exceptions = [] }: RuleConfig): readonly Exception[] {
    return v.parse(v.array(exceptionSchema), exceptions);
}

/**
 * All exceptions that rules were given so far. A stack is judged at the end of a process's calls, so that this is complete
 * by then; calls that overlap only ever add to it.
 */
export function knownExceptions(): readonly KnownException[] {
    return [...known.values()];
}

/** Whether an exception's last day is over. */
export function isExpired({ expires }: Exception): boolean {
    return new Date().toISOString().slice(0, 10) > expires;
}

/** The exception that allows a finding, which counts as used from then on. One that expired allows nothing. */
export function findException(
    rule: string,
    exceptions: readonly Exception[],
    resource: Pick<Resource, "urn" | "type" | "name"> | undefined,
    finding: string | undefined,
): Exception | undefined {
    const named = [resource?.urn, resource && `${resource.type}::${resource.name}`];
    const found = entries(rule, exceptions).find(
        (exception) =>
            named.includes(exception.resource) &&
            (exception.finding === undefined || exception.finding === finding) &&
            !isExpired(exception),
    );
    if (found) {
        found.used = true;
    }
    return found;
}

/** Notes the exceptions of a rule's config, so that those which nothing uses are known, too. */
export function register(rule: string, exceptions: readonly Exception[]): void {
    entries(rule, exceptions);
}

/** Forgets all exceptions: for tests, which share a process. */
export function forgetExceptions(): void {
    known.clear();
}

const known = new Map<string, KnownException>();

function entries(rule: string, exceptions: readonly Exception[]): KnownException[] {
    return exceptions.map((exception) => {
        const key = JSON.stringify([rule, exception]);
        const entry = known.get(key) ?? { ...exception, rule, used: false };
        known.set(key, entry);
        return entry;
    });
}
