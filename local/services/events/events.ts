import * as crypto from "node:crypto";
import type { ResourceProvider } from "../../gateway/types";
import type { Lambda } from "../lambda/lambda";
import { systemClock, type Clock } from "./clock";
import { toRule, type Rule } from "./rule";
import { repeat } from "./repeat";
import { toTarget, type Target } from "./target";

export interface EventsOptions {
    readonly account: string;
    readonly region: string;
    readonly lambda: Pick<Lambda, "invokeAsync">;
    /** Tells the user what did not reach its target. */
    readonly print: (line: string) => void;
    /** @default the clock of this machine */
    readonly clock?: Clock;
}

/** What a service of the local run tells of; EventBridge adds the rest. */
export interface EventEntry {
    /** e.g. `aws.ecs` */
    readonly source: string;
    readonly "detail-type": string;
    readonly detail: Readonly<Record<string, unknown>>;
    /** ARNs. @default - none */
    readonly resources?: readonly string[];
    /** @default now */
    readonly time?: Date;
}

/** The default event bus: rules that invoke functions at regular times, or when an event matches a pattern. */
export interface Events extends ResourceProvider {
    /** Hands an event to the rules that it matches. Never throws: what does not reach its target is told the user. */
    putEvent(entry: EventEntry): void;
    close(): Promise<void>;
}

/**
 * Makes EventBridge. The rules that were applied hold from the next `ready` on; then rates begin to count. A time that passed while
 * nothing ran is not made up for. Function policies are asked for `events.amazonaws.com` with the rule as source.
 */
export function createEvents({ account, region, lambda, print, clock = systemClock() }: EventsOptions): Events {
    let declared = new Map<string, RuleWithTargets>();
    let rules: RuleWithTargets[] = [];
    let cancels: (() => void)[] = [];
    const complaints = new Map<string, string>();

    function stop(): void {
        cancels.forEach((cancel) => cancel());
        cancels = [];
        rules = [];
    }

    function send(rule: RuleWithTargets, event: object): void {
        for (const target of rule.targets) {
            const place = `The rule ${rule.name} did not reach ${target.arn}`;
            try {
                lambda.invokeAsync({
                    functionName: target.arn,
                    payload: target.toInput({ event, rule, now: new Date(clock.now()) }),
                    principal: { type: "service", service: "events.amazonaws.com" },
                    sourceArn: rule.arn,
                });
                complaints.delete(place);
            } catch (error) {
                const { message } = error as Error;
                if (complaints.get(place) !== message) {
                    print(`${place}: ${message}`);
                }
                complaints.set(place, message);
            }
        }
    }

    function toEvent({ source, "detail-type": detailType, detail, resources = [], time }: EventEntry): object {
        return {
            version: "0",
            id: crypto.randomUUID(),
            "detail-type": detailType,
            source,
            account,
            time: (time ?? new Date(clock.now())).toISOString().replace(/\.\d+/, ""),
            region,
            resources,
            detail,
        };
    }

    function fire(rule: RuleWithTargets, time: number): void {
        const resources = [rule.arn];
        const entry = { source: "aws.events", "detail-type": "Scheduled Event", detail: {}, resources };
        send(rule, toEvent({ ...entry, time: new Date(time) }));
    }

    return {
        apply: {
            "aws:cloudwatch/eventRule:EventRule": (resource) => {
                const rule = toRule(resource);
                declared.set(rule.name, { ...rule, targets: [] });
            },
            "aws:cloudwatch/eventTarget:EventTarget": ({ inputs, outputs }) => {
                const rule = declared.get(String(inputs.rule));
                if (!rule) {
                    throw new Error(`Rule ${String(inputs.rule)} does not exist on EventBus default.`);
                }
                rule.targets.push(toTarget(inputs, String(outputs.targetId ?? inputs.targetId)));
            },
        },
        ready() {
            stop();
            rules = [...declared.values()].filter(({ enabled, targets }) => enabled && targets.length > 0);
            declared = new Map();
            cancels = rules.flatMap((rule) =>
                rule.schedule === undefined ? [] : repeat(rule.schedule, clock, (time) => fire(rule, time)),
            );
        },
        putEvent(entry) {
            const event = toEvent(entry);
            for (const rule of rules) {
                if (rule.matches?.(event)) {
                    send(rule, event);
                }
            }
        },
        close() {
            stop();
            return Promise.resolve();
        },
    };
}

interface RuleWithTargets extends Rule {
    readonly targets: Target[];
}
