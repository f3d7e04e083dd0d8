import type { Month } from "../month";
import { HOURS } from "../orders";
import { PRICES } from "../prices";
import { BYTES_PER_GB, type Pricing, type ServicePricing } from "./pricing";

/** An interface in each zone; gateways cost nothing. */
const endpoint: Pricing = ({ inputs }, month) => {
    const { vpcEndpointType = "Gateway", subnetIds = [] } = inputs as EndpointInputs;
    if (vpcEndpointType === "Gateway") {
        return [];
    }
    const interfaces = month.structure
        .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
        .filter(({ inputs: { vpcEndpointType: type } }) => type === "Interface").length;
    return [
        { price: PRICES.vpc.endpointHour, units: subnetIds.length * HOURS },
        // What tasks exchange is spread over the endpoints that there are.
        { price: PRICES.vpc.endpointGb, units: gbOfTasks(month) / interfaces },
    ];
};

interface EndpointInputs {
    readonly vpcEndpointType?: string;
    readonly subnetIds?: readonly string[];
}

/** By the strategy of awsx: none, one, or one in each zone, which is what it has where nothing is said. */
const vpc: Pricing = ({ inputs }, month) => {
    const { natGateways, availabilityZoneNames = [], numberOfAvailabilityZones = 3 } = inputs as VpcInputs;
    const zones = availabilityZoneNames.length || numberOfAvailabilityZones;
    const strategy = natGateways?.strategy ?? "OnePerAz";
    const gateways = { None: 0, Single: 1, OnePerAz: zones }[strategy];
    if (gateways === undefined) {
        return [{ notPriced: `NAT gateways by the strategy ${strategy}` }];
    }
    return gateways === 0 ? [] : throughGateways(gateways, month);
};

interface VpcInputs {
    readonly natGateways?: { readonly strategy?: string };
    readonly availabilityZoneNames?: readonly string[];
    readonly numberOfAvailabilityZones?: number;
}

function throughGateways(many: number, month: Month) {
    return [
        { price: PRICES.vpc.natGatewayHour, units: many * HOURS },
        { price: PRICES.vpc.natGatewayGb, units: gbOfTasks(month) },
        { price: PRICES.vpc.publicAddressHour, units: many * HOURS },
    ];
}

const natGateway: Pricing = (_resource, month) => [
    { price: PRICES.vpc.natGatewayHour, units: HOURS },
    { price: PRICES.vpc.natGatewayGb, units: gbOfTasks(month) },
];

const address: Pricing = () => [{ price: PRICES.vpc.publicAddressHour, units: HOURS }];

function gbOfTasks(month: Month): number {
    const tasks = month.total("aws:ecs/taskDefinition:TaskDefinition", "tasks");
    return (tasks * month.assumptions.endpointBytes) / BYTES_PER_GB;
}

export const network: ServicePricing = {
    priced: {
        "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
        "aws:ec2/natGateway:NatGateway": natGateway,
        "aws:ec2/eip:Eip": address,
        "awsx:ec2:Vpc": vpc,
    },
    free: [
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        // Its log group is paid for.
        "aws:ec2/flowLog:FlowLog",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ],
};
