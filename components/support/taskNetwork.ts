import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { flowLog } from "./flowLog";
import { stackNames } from "./names";
import type { Operations } from "./operations";
import {
    endpointPolicy,
    isGateway,
    type GatewayService,
    type InterfaceService,
    type TaskEndpoint,
} from "./taskEndpoints";

/** Arguments for {@link TaskNetwork}. */
export interface TaskNetworkArgs {
    /**
     * `private`: no way to or from the internet; tasks reach the services in {@link endpoints}, and nothing else. Each interface
     * endpoint costs money in each zone.
     *
     * `public`: free. Tasks have public addresses and reach everything by HTTPS; nobody reaches them.
     */
    readonly kind: "private" | "public";
    /** What tasks reach through endpoints. In a public network only gateway endpoints are made: the others cost money. */
    readonly endpoints: readonly TaskEndpoint[];
    /** Whether all connections are logged. */
    readonly flowLogs: boolean;
    /**
     * Names of the zones, each of which has a subnet.
     *
     * @default The zones `a` and `b` of the region.
     */
    readonly availabilityZones?: readonly string[];
    readonly operations: Operations;
}

/**
 * A VPC for Fargate tasks that accept no connections: a subnet in each of two zones, a security group for the tasks, and a default
 * security group that nothing can use. There is no NAT gateway. The internet gateway, which `awsx` always makes, has no route in a
 * private network.
 */
export class TaskNetwork extends pulumi.ComponentResource {
    public readonly subnetIds: pulumi.Output<string[]>;
    /** Group for tasks. Known when its rules and the endpoints exist, so that no task starts in a network half made. */
    public readonly securityGroupId: pulumi.Output<string>;
    /** Whether tasks need a public address, to be told to ECS with each. */
    public readonly assignPublicIp: boolean;

    private readonly vpc: awsx.ec2.Vpc;
    private readonly tasks: aws.ec2.SecurityGroup;
    private readonly names = stackNames();

    constructor(
        private readonly name: string,
        private readonly args: TaskNetworkArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:support:TaskNetwork", name, {}, opts);
        const isPublic = args.kind === "public";
        this.assignPublicIp = isPublic;
        this.vpc = this.makeVpc();
        this.subnetIds = isPublic ? this.vpc.publicSubnetIds : this.vpc.isolatedSubnetIds;
        this.tasks = this.securityGroup("tasks", "Tasks: no ingress, egress by HTTPS only");
        const services = [...new Set(args.endpoints.map(({ service }) => service))];
        const gateways = services.filter(isGateway).map((service) => this.gatewayEndpoint(service));
        const rest = isPublic
            ? [this.egress("internet", "HTTPS to everywhere", { cidrIpv4: "0.0.0.0/0" })]
            : this.interfaceEndpoints(services.filter((service) => !isGateway(service)));
        this.securityGroupId = pulumi
            .all([this.tasks.id, ...[...gateways.flat(), ...rest].map(({ id }) => id)])
            .apply(([id]) => id);
        if (args.flowLogs) {
            flowLog(`${name}-flow-log`, { vpcId: this.vpc.vpcId, operations: args.operations }, { parent: this });
        }
        this.registerOutputs({ subnetIds: this.subnetIds, securityGroupId: this.securityGroupId });
    }

    private makeVpc(): awsx.ec2.Vpc {
        const { name, names } = this;
        const isPublic = this.args.kind === "public";
        const vpc = new awsx.ec2.Vpc(
            `${name}-vpc`,
            {
                cidrBlock: "10.0.0.0/16",
                // By name: else awsx asks the cloud for the names.
                availabilityZoneNames: [...(this.args.availabilityZones ?? [`${names.region}a`, `${names.region}b`])],
                subnetStrategy: "Auto",
                subnetSpecs: [{ type: isPublic ? "Public" : "Isolated" }],
                natGateways: { strategy: "None" },
                enableDnsHostnames: true,
                enableDnsSupport: true,
                tags: { Name: names.physical(name) },
            },
            { parent: this, ...(isPublic ? { transforms: [withoutPublicAddresses] } : {}) },
        );
        new aws.ec2.DefaultSecurityGroup(`${name}-default-group`, { vpcId: vpc.vpcId }, { parent: this });
        return vpc;
    }

    private gatewayEndpoint(service: GatewayService): pulumi.CustomResource[] {
        const routeTableIds = this.vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id)));
        const endpoint = this.endpoint(service, { vpcEndpointType: "Gateway", routeTableIds });
        return this.args.kind === "public"
            ? [endpoint]
            : [endpoint, this.egress(service, `HTTPS to ${service}`, { prefixListId: endpoint.prefixListId })];
    }

    private interfaceEndpoints(services: readonly InterfaceService[]): pulumi.CustomResource[] {
        if (services.length === 0) {
            return [];
        }
        const { name } = this;
        const group = this.securityGroup("endpoints", "Interface endpoints: HTTPS from tasks only, no egress");
        const ingress = new aws.vpc.SecurityGroupIngressRule(
            `${name}-endpoints-from-tasks`,
            {
                securityGroupId: group.id,
                description: "HTTPS from tasks",
                ...HTTPS,
                referencedSecurityGroupId: this.tasks.id,
            },
            { parent: this },
        );
        return [
            ingress,
            this.egress("endpoints", "HTTPS to interface endpoints", { referencedSecurityGroupId: group.id }),
            ...services.map((service) =>
                this.endpoint(service, {
                    vpcEndpointType: "Interface",
                    subnetIds: this.subnetIds,
                    securityGroupIds: [group.id],
                    privateDnsEnabled: true,
                }),
            ),
        ];
    }

    private endpoint(
        service: TaskEndpoint["service"],
        kind: Omit<aws.ec2.VpcEndpointArgs, "vpcId">,
    ): aws.ec2.VpcEndpoint {
        const { name, names, vpc } = this;
        return new aws.ec2.VpcEndpoint(
            `${name}-${service.replace(".", "-")}`,
            {
                vpcId: vpc.vpcId,
                serviceName: `com.amazonaws.${names.region}.${service}`,
                ...kind,
                policy: endpointPolicy(this.args.endpoints, service),
            },
            { parent: this },
        );
    }

    /** A group without rules. They are resources of their own, since groups name each other in them. */
    private securityGroup(purpose: string, description: string): aws.ec2.SecurityGroup {
        return new aws.ec2.SecurityGroup(
            `${this.name}-${purpose}`,
            { name: this.names.physical(`${this.name}-${purpose}`), description, vpcId: this.vpc.vpcId },
            { parent: this },
        );
    }

    private egress(
        to: string,
        description: string,
        destination: Pick<
            aws.vpc.SecurityGroupEgressRuleArgs,
            "cidrIpv4" | "prefixListId" | "referencedSecurityGroupId"
        >,
    ): aws.vpc.SecurityGroupEgressRule {
        return new aws.vpc.SecurityGroupEgressRule(
            `${this.name}-tasks-to-${to}`,
            { securityGroupId: this.tasks.id, description, ...HTTPS, ...destination },
            { parent: this },
        );
    }
}

/** Whatever else is started in a public subnet gets no public address unless it asks for one; awsx has no setting for that. */
export const withoutPublicAddresses: pulumi.ResourceTransform = ({ type, props, opts }) =>
    type === "aws:ec2/subnet:Subnet" ? { props: { ...props, mapPublicIpOnLaunch: false }, opts } : undefined;

const HTTPS = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
