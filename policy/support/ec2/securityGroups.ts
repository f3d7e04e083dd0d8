import { each } from "../failClosed";
import type { Resource } from "../resources";
import type { Fault } from "../rule";
import { listOf, numberOf, propsListOf, textOf, type Props } from "../values";

/** Types of groups whose rules can stand inside of them. */
export const SECURITY_GROUP_TYPES = [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
];

/** Types of rules that are resources of their own. The older one has both directions. */
export const GROUP_RULE_TYPES = [
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

export type Direction = "ingress" | "egress";

/** A rule of a security group, inside of it or a resource of its own. */
export interface GroupRule {
    /** Where it stands in a group, e.g. `ingress[0]`; absent for a resource of its own. */
    readonly place?: string;
    readonly props: Props;
}

/** Judges each rule of one direction that a resource declares, each by itself. */
export function* eachGroupRule(
    { type, props }: Resource,
    direction: Direction,
    check: (rule: GroupRule) => Iterable<Fault>,
): Generator<Fault> {
    if (SECURITY_GROUP_TYPES.includes(type)) {
        yield* each(propsListOf(props[direction]), (rule, index) =>
            check({ props: rule, place: `${direction}[${index}]` }),
        );
    } else if (directionOf(type, props) === direction) {
        yield* check({ props });
    }
}

/** The direction of a rule that is a resource of its own. */
export function directionOf(type: string, props: Props): Direction {
    const direction = type.startsWith("aws:vpc/") ? /(In|E)gress/.exec(type)?.[0] : textOf(props.type);
    return direction?.toLowerCase() === "egress" ? "egress" : "ingress";
}

/** Judges each range of addresses in a rule that is as good as the whole internet. */
export function eachWorldwideRange({ props }: GroupRule, check: (range: string) => Iterable<Fault>): Generator<Fault> {
    return each(["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"], (key) =>
        each(listOf(props[key]), function* (value) {
            const range = textOf(value);
            if (range !== undefined && isWorldwide(range)) {
                yield* check(range);
            }
        }),
    );
}

/**
 * Whether a range is wider than any private network, which is at most a /8 of IPv4 or a /7 of IPv6: `0.0.0.0/0`, `::/0`, and
 * the halves of the internet that are written to get around those.
 */
export function isWorldwide(range: string): boolean {
    const length = /\/(\d+)$/.exec(range.trim())?.[1];
    return length !== undefined && Number(length) < (range.includes(":") ? 7 : 8);
}

/** What a rule lets through, e.g. `tcp 443`, `udp 1024-65535`, `all traffic`. */
export function trafficOf({ props }: GroupRule): string {
    const protocol = protocolOf(props);
    if (protocol === "all") {
        return "all traffic";
    }
    const [from, to] = [numberOf(props.fromPort), numberOf(props.toPort)];
    if (from === undefined) {
        return protocol;
    }
    return to === undefined || to === from ? `${protocol} ${from}` : `${protocol} ${from}-${to}`;
}

/** Whether a rule lets all protocols through, or all ports of one. */
export function isAllTraffic({ props }: GroupRule): boolean {
    const protocol = protocolOf(props);
    if (protocol !== "tcp" && protocol !== "udp") {
        return protocol === "all";
    }
    return (numberOf(props.fromPort) ?? 0) <= 1 && (numberOf(props.toPort) ?? 0) >= 65535;
}

/** Name of a protocol, which may be written as IANA's number; `all` for any. */
export function protocolName(value: unknown): string {
    const protocol = textOf(value)?.toLowerCase() ?? "all";
    return { "-1": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" }[protocol] ?? protocol;
}

function protocolOf(props: Props): string {
    return protocolName("ipProtocol" in props ? props.ipProtocol : props.protocol);
}
