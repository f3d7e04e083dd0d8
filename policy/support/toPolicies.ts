import type { Policies, ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { EXCEPTIONS_SCHEMA, exceptionsOf, findException, register } from "./exceptions";
import { failClosed } from "./failClosed";
import { levelsOf } from "./levels";
import { noteInputs, resourceOf, stackOf, type Resource } from "./resources";
import type { Fault, Faults, Rule, RuleConfig } from "./rule";

/**
 * Rules as policies of a pack.
 *
 * @param stack Name of the stack that is judged: levels and options are those of `dev` or `prod`, and prod's for any other.
 */
export function toPolicies(rules: readonly Rule[], stack: string): Policies {
    // What judges no resources judges the pack's own work: what became of the other rules' exceptions.
    const [last, first] = [rules.filter(judgesNone), rules.filter((rule) => !judgesNone(rule))];
    return [...first, ...last].map((rule) => toPolicy(rule, stack));
}

function judgesNone({ types }: Rule): boolean {
    return types.length === 0;
}

function toPolicy(rule: Rule, stack: string): ResourceValidationPolicy | StackValidationPolicy {
    const { id, title, why, mend, severity, sources, options = {} } = rule;
    const judged = levelsOf(stack);
    const defaults = Object.fromEntries(Object.entries(options).map(([key, option]) => [key, option[judged]]));
    const types = new Set(rule.types);
    const schemas: Record<string, object> = Object.fromEntries(
        Object.entries(options).map(([key, { schema, what }]) => [key, { ...schema, description: what }]),
    );
    const configured = (config: object): RuleConfig => ({ ...defaults, ...config });
    return {
        name: id,
        description: title,
        displayName: id,
        enforcementLevel: rule.levels[judged],
        severity,
        remediationSteps: `${why} ${mend}`,
        tags: [...sources],
        configSchema: { properties: { ...schemas, exceptions: EXCEPTIONS_SCHEMA } },
        ...(rule.check && {
            async validateResource(args, reportViolation) {
                noteInputs(args.urn, args.props);
                const config = configured(args.getConfig());
                const report = reporter(rule, config, reportViolation);
                const resource = resourceOf(args);
                if (types.has(resource.type)) {
                    await report(resource, () => rule.check!(resource, config));
                }
            },
        }),
        ...((rule.checkInStack ?? rule.checkStack) && {
            async validateStack(args, reportViolation) {
                const config = configured(args.getConfig());
                const report = reporter(rule, config, reportViolation);
                const all = stackOf(args.resources);
                for (const resource of rule.checkInStack ? all.ofType(...rule.types) : []) {
                    await report(resource, () => rule.checkInStack!(resource, all, config));
                }
                if (rule.checkStack) {
                    await report(undefined, () => rule.checkStack!(all, config));
                }
            },
        }),
    };
}

/** Reports the faults of checks of one rule, but for those that an exception allows. */
function reporter(rule: Rule, config: RuleConfig, reportViolation: ReportViolation) {
    const exceptions = exceptionsOf(config);
    register(rule.id, exceptions);
    return async (judged: Resource | undefined, check: () => Faults | undefined) => {
        for await (const fault of failClosed(check)) {
            const resource = fault.resource ?? judged;
            if (!findException(rule.id, exceptions, resource, fault.finding)) {
                reportViolation(messageOf(rule, fault, resource?.name), resource?.urn);
            }
        }
    };
}

/** One or two sentences: the resource, what is wrong, the mend; then the finding, as an exception would name it. */
function messageOf({ mend }: Rule, fault: Fault, name = "The stack"): string {
    const finding = fault.finding === undefined ? "" : ` [${fault.finding}]`;
    return `${name} ${fault.fault}. ${fault.mend ?? mend}${finding}`;
}
