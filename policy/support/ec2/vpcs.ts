import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";

const VPC = "aws:ec2/vpc:Vpc";
const COMPONENT = "awsx:ec2:Vpc";

/** Types of VPCs. A component of awsx makes one, which a preview lists among the resources, but a plan does not. */
export const VPC_TYPES = [VPC, COMPONENT];

/** Whether a VPC is judged: a component is only where the VPC that it makes can't be seen. */
export function isJudgedVpc(vpc: StackResource, stack: Stack): boolean {
    return vpc.type !== COMPONENT || !stack.ofType(VPC).some(({ parent }) => parent === vpc.urn);
}

/** The resources of some types that name a VPC, or the component that made it, in their `vpcId`. */
export function inVpc(vpc: StackResource, stack: Stack, ...types: readonly string[]): readonly StackResource[] {
    const naming = new Set(stack.naming(vpc, "vpcId", ...types));
    const component = vpc.type === COMPONENT ? vpc : stack.ofType(COMPONENT).find(({ urn }) => urn === vpc.parent);
    return stack.ofType(...types).filter((other) => naming.has(other) || (component && isOf(component, other)));
}

function isOf({ urn, outputs }: StackResource, other: StackResource): boolean {
    const id = ifKnown(() => outputs.vpcId);
    return other.referred("vpcId").includes(urn) || (id !== undefined && id === ifKnown(() => other.props.vpcId));
}
