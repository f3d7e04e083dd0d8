import { block } from "../blocks";
import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { propsListOf, propsOf, textOf, type Props } from "../values";

export const METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

/** Whether a composite alarm of the stack looks at an alarm, which then need not notify anybody itself. */
export function isPartOfComposite(alarm: StackResource, stack: Stack): boolean {
    return stack.ofType(COMPOSITE_ALARM).some((composite) => composite !== alarm && looksAt(composite, alarm));
}

function looksAt(composite: StackResource, alarm: StackResource): boolean {
    const rule = ifKnown(() => textOf(composite.props.alarmRule) ?? "");
    const suppressor = ifKnown(() => textOf(block(composite.props, "actionsSuppressor").alarm) ?? "");
    const names = [...identities(alarm)];
    return (
        (rule === undefined
            ? composite.referred("alarmRule").includes(alarm.urn)
            : alarmsOf(rule).some((name) => names.includes(name))) ||
        (suppressor === undefined
            ? composite.referred("actionsSuppressor").includes(alarm.urn)
            : names.includes(suppressor))
    );
}

/** The names and ARNs in a rule such as `ALARM("errors") OR ALARM(arn:aws:…)`. */
function alarmsOf(rule: string): string[] {
    return Array.from(
        rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")]+?))\s*\)/gi),
        (match) => (match[1] ?? match[2]).trim(),
    );
}

function* identities({ outputs }: StackResource): Generator<string> {
    for (const key of ["name", "alarmName", "arn"]) {
        const value = ifKnown(() => textOf(outputs[key]));
        if (value !== undefined) {
            yield value;
        }
    }
}

/**
 * Whether an alarm looks at one of some metrics of a resource, which a dimension names.
 *
 * @param dimension E.g. `QueueName`, whose value is the resource's output `name`.
 */
export function watches(
    alarm: StackResource,
    metrics: readonly string[],
    dimension: string,
    resource: StackResource,
): boolean {
    const name = ifKnown(() => textOf(resource.outputs.name));
    const isIts = (metric: Props) => {
        const isAsked = metrics.includes(textOf(metric.metricName) ?? "");
        const value = isAsked ? textOf(propsOf(metric.dimensions)[dimension]) : undefined;
        return value !== undefined && value === name;
    };
    const { props } = alarm;
    return (
        ifKnown(
            () => isIts(props) || propsListOf(props.metricQueries).some((query) => isIts(block(query, "metric"))),
        ) ?? ["dimensions", "metricQueries"].some((property) => alarm.referred(property).includes(resource.urn))
    );
}
