import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { isSet, isTrue, listOf, propsOf } from "../values";
import { inVpc } from "./vpcs";

const SERVICE = "aws:ecs/service:Service";
const FUNCTION = "aws:lambda/function:Function";

/** Types of what runs in subnets without public addresses. */
export const WORKLOAD_TYPES = [SERVICE, FUNCTION];

/** How much runs in a VPC without public addresses. What belongs to it is told by security groups: subnets may be a component's. */
export function privateWorkloads(vpc: StackResource, stack: Stack): { services: number; functions: number } {
    const groups = inVpc(vpc, stack, "aws:ec2/securityGroup:SecurityGroup");
    const services = stack
        .ofType(SERVICE)
        .filter((service) => uses(service, "networkConfiguration", "securityGroups", groups))
        .filter(({ props }) => !isTrue(propsOf(props.networkConfiguration).assignPublicIp));
    const functions = stack.ofType(FUNCTION).filter((each) => uses(each, "vpcConfig", "securityGroupIds", groups));
    return { services: services.length, functions: functions.length };
}

function uses(workload: StackResource, property: string, key: string, groups: readonly StackResource[]): boolean {
    if (!isSet(workload.props, property)) {
        return false;
    }
    const referred = workload.referred(property);
    const list = ifKnown(() => listOf(propsOf(workload.props[property])[key])) ?? [];
    const ids = Array.from(list.keys(), (index) => ifKnown(() => list[index]));
    return groups.some(({ urn, outputs }) => {
        const id = ifKnown(() => outputs.id);
        return referred.includes(urn) || (id !== undefined && ids.includes(id));
    });
}
