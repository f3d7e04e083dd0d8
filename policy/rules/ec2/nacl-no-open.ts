import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isWorldwide, protocolName } from "../../support/ec2/securityGroups";
import { isTrue, numberOf, propsListOf, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "nacl-no-open",
    title: "Network ACLs do not let the whole internet in by all ports, SSH or Remote Desktop.",
    why: "The ACL is the second wall behind security groups; open to everybody, it protects from no mistake in those.",
    mend: "Name the ports in fromPort and toPort, without 22 and 3389, or the networks in cidrBlock.",
    sources: [
        "cdk-nag AwsSolutions-VPC3",
        "Security Hub EC2.21",
        "checkov CKV_AWS_229..CKV_AWS_232",
        "checkov CKV_AWS_352",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "advisory" },
    types: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"],
    *check({ type, props }) {
        if (type === "aws:ec2/networkAcl:NetworkAcl") {
            yield* each(propsListOf(props.ingress), (entry, index) =>
                judge(entry, textOf(entry.action), ` in ingress[${index}]`),
            );
        } else if (!isTrue(props.egress)) {
            yield* judge(props, textOf(props.ruleAction), "");
        }
    },
};

function* judge(entry: Props, action: string | undefined, place: string): Generator<Fault> {
    if (action?.toLowerCase() !== "allow") {
        return;
    }
    const ranges = [textOf(entry.cidrBlock), textOf(entry.ipv6CidrBlock)].filter((range) => range !== undefined);
    for (const range of ranges.filter(isWorldwide)) {
        for (const traffic of openTraffic(entry)) {
            yield { fault: `lets ${traffic} in from ${range}${place}`, finding: `${range} ${traffic}` };
        }
    }
}

function openTraffic(entry: Props): readonly string[] {
    const protocol = protocolName(entry.protocol);
    if (protocol === "all") {
        return ["all traffic"];
    }
    if (protocol !== "tcp" && protocol !== "udp") {
        return [];
    }
    const [from, to] = [numberOf(entry.fromPort) ?? 0, numberOf(entry.toPort) ?? 65535];
    if (from <= 1 && to === 65535) {
        return [`all ports of ${protocol}`];
    }
    return [22, 3389].filter((port) => from <= port && port <= to).map((port) => `${protocol} ${port}`);
}
