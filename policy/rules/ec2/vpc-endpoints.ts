import { eachAllowed } from "../../support/iam/statements";
import type { Stack, StackResource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { isSet, textOf } from "../../support/values";
import { inVpc, isJudgedVpc, VPC_TYPES } from "../../support/ec2/vpcs";
import { privateWorkloads, WORKLOAD_TYPES } from "../../support/ec2/workloads";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ENDPOINT_POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy";

export const rule: Rule = {
    id: "vpc-endpoints",
    title: "Private workloads reach AWS through endpoints, whose policies name what is called.",
    why: "Without endpoints their calls leave the VPC. An endpoint without a policy also carries data to buckets and queues of strangers.",
    mend: "Make an aws.ec2.VpcEndpoint for the service in the VPC.",
    sources: [
        "Security Hub EC2.10",
        "Security Hub EC2.55",
        "Security Hub EC2.56",
        "prowler vpc_endpoint_connections_trust_boundaries",
    ],
    severity: "low",
    levels: { dev: "disabled", prod: "advisory" },
    types: [ENDPOINT, ...VPC_TYPES],
    joins: [
        ...[ENDPOINT_POLICY, "aws:ec2/securityGroup:SecurityGroup", ...WORKLOAD_TYPES],
        ...["aws:dynamodb/table:Table", "aws:s3/bucket:Bucket", "aws:secretsmanager/secret:Secret"],
    ],
    async *checkInStack(resource, stack) {
        if (resource.type === ENDPOINT) {
            yield* policyFaults(resource, stack);
        } else if (isJudgedVpc(resource, stack)) {
            const present = inVpc(resource, stack, ENDPOINT).map(({ props }) => serviceOf(textOf(props.serviceName)));
            for (const service of needed(resource, stack).filter((each) => !present.includes(each))) {
                yield { fault: `has private workloads but no endpoint of ${service}`, finding: service };
            }
        }
    },
};

/** Services that private workloads call, by what runs in the VPC and what else is in the stack. */
function needed(vpc: StackResource, stack: Stack): string[] {
    const { services, functions } = privateWorkloads(vpc, stack);
    if (services + functions === 0) {
        return [];
    }
    const has = (type: string) => stack.ofType(type).length > 0;
    return [
        // Layers of images come from S3. A function's image and log do not go through its VPC.
        ...(services > 0 || has("aws:s3/bucket:Bucket") ? ["s3"] : []),
        ...(has("aws:dynamodb/table:Table") ? ["dynamodb"] : []),
        ...(services > 0 ? ["ecr.api", "ecr.dkr", "logs"] : []),
        ...(has("aws:secretsmanager/secret:Secret") ? ["secretsmanager"] : []),
    ];
}

async function* policyFaults(endpoint: StackResource, stack: Stack): AsyncGenerator<Fault> {
    if (serviceOf(textOf(endpoint.props.serviceName)) === undefined) {
        return;
    }
    const policies = [endpoint, ...stack.naming(endpoint, "vpcEndpointId", ENDPOINT_POLICY)];
    const mend = "Set policy to the actions and resources that the workload calls.";
    if (!policies.some(({ props }) => isSet(props, "policy"))) {
        yield { fault: "has no policy, and so allows everything", finding: "policy", mend };
    }
    for (const policy of policies.filter(({ props }) => isSet(props, "policy"))) {
        yield* eachAllowed(policy, ["resource"], function* ({ actions, resources, conditions, place }) {
            const [action] = actions.filter((each) => /^([^:]+:)?\*+$/.test(each));
            if (action !== undefined && resources.includes("*") && conditions.length === 0) {
                yield { fault: `allows ${action} on everything in ${place}`, finding: action, mend };
            }
        });
    }
}

/** AWS's service of an endpoint, e.g. `ecr.api`. Undefined for somebody else's, whose endpoints have no policies. */
function serviceOf(name = ""): string | undefined {
    return /^(?:cn\.)?com\.amazonaws\.(?!vpce\.)[^.]+\.(.+)$/.exec(name)?.[1];
}
