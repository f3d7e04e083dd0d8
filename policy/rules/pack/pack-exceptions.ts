import { isExpired, knownExceptions, type KnownException } from "../../support/exceptions";
import type { Stack } from "../../support/resources";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "pack-exceptions",
    title: "Exceptions from rules are needed, and none is past its last day.",
    why: "An exception that nothing needs hides the next fault of its resource. One that expired was meant to be looked at again.",
    mend: "Delete it from the rule's exceptions.",
    sources: ["quartet"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [],
    *checkStack(stack) {
        for (const exception of knownExceptions()) {
            const { rule, resource, finding, expires } = exception;
            const about = {
                finding: [rule, resource, ...(finding === undefined ? [] : [finding])].join(" "),
                ...resourceOf(exception, stack),
            };
            const what = `has an exception from ${rule} for ${finding ?? "all findings"} of ${resource}`;
            if (isExpired(exception)) {
                yield {
                    ...about,
                    fault: `${what} that expired on ${expires}`,
                    mend: "Mend what it allowed and delete it, or renew it with a reason that holds today.",
                };
            } else if (!exception.used) {
                yield { ...about, fault: `${what} that nothing needs` };
            }
        }
    },
};

function resourceOf({ resource: named }: KnownException, { resources }: Stack) {
    const resource = resources.find(({ urn, type, name }) => named === urn || named === `${type}::${name}`);
    return resource && { resource };
}
