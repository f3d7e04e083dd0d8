import { UnknownValueError } from "@pulumi/policy";
import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { isSet, propsListOf, textOf, textsOf } from "../values";

const SUBNET = "aws:ec2/subnet:Subnet";
const VPC = "aws:ec2/vpc:Vpc";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const TABLE = "aws:ec2/routeTable:RouteTable";
const DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const MAIN_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation";

/** Types that decide where a subnet's packets go. */
export const ROUTE_TYPES = [SUBNET, VPC, GATEWAY, TABLE, DEFAULT_TABLE, ROUTE, ASSOCIATION, MAIN_ASSOCIATION];

/**
 * The stack's subnets that a resource names in a list. Those of other stacks can't be seen.
 *
 * @throws Where the list is unknown and comes from no subnet of the stack.
 */
export function subnetsIn(resource: StackResource, property: string, stack: Stack): readonly StackResource[] {
    const urns = resource.referred(property);
    const subnets = stack.ofType(SUBNET);
    if (subnets.some(({ urn }) => urns.includes(urn))) {
        return subnets.filter(({ urn }) => urns.includes(urn));
    }
    const ids = textsOf(resource.props[property]);
    return subnets.filter(({ outputs }) => ids.includes(ifKnown(() => textOf(outputs.id)) ?? ""));
}

/** Whether a route of a subnet leads to an internet gateway: a public address in it can be reached from everywhere. */
export function isPublic(subnet: StackResource, stack: Stack): boolean {
    const associations = stack.naming(subnet, "subnetId", ASSOCIATION);
    if (associations.length > 0) {
        return associations.some((association) => tableIsPublic(association, stack));
    }
    return stack.named(subnet, "vpcId", VPC).some((vpc) => mainTableIsPublic(vpc, stack));
}

/** A subnet without a table of its own gets its VPC's main one. */
function mainTableIsPublic(vpc: StackResource, stack: Stack): boolean {
    const associations = stack.naming(vpc, "vpcId", MAIN_ASSOCIATION);
    if (associations.length > 0) {
        return associations.some((association) => tableIsPublic(association, stack));
    }
    const id = ifKnown(() => textOf(vpc.outputs.defaultRouteTableId));
    const isIts = (property: string) => (other: StackResource) =>
        other.referred(property).includes(vpc.urn) ||
        (id !== undefined && id === ifKnown(() => textOf(other.props[property])));
    return (
        stack
            .ofType(ROUTE)
            .filter(isIts("routeTableId"))
            .some((route) => leadsOut(route, stack)) ||
        stack
            .ofType(DEFAULT_TABLE)
            .filter(isIts("defaultRouteTableId"))
            .some((table) => routesLeadOut(table, stack))
    );
}

function tableIsPublic(association: StackResource, stack: Stack): boolean {
    return stack.named(association, "routeTableId", TABLE, DEFAULT_TABLE).some((table) => routesLeadOut(table, stack));
}

function routesLeadOut(table: StackResource, stack: Stack): boolean {
    return (
        stack.named(table, "routes", GATEWAY).length > 0 ||
        propsListOf(table.props.routes).some((route) => isGateway(textOf(route.gatewayId))) ||
        stack.naming(table, "routeTableId", ROUTE).some((route) => leadsOut(route, stack))
    );
}

/** Whether a route leads to an internet gateway. A target that is unknown and comes from something else is another one. */
function leadsOut(route: StackResource, stack: Stack): boolean {
    if (!isSet(route.props, "gatewayId")) {
        return false;
    }
    if (stack.named(route, "gatewayId", GATEWAY).length > 0) {
        return true;
    }
    try {
        return isGateway(textOf(route.props.gatewayId));
    } catch (error) {
        if (error instanceof UnknownValueError && route.referred("gatewayId").length > 0) {
            return false;
        }
        throw error;
    }
}

function isGateway(id = ""): boolean {
    return id.startsWith("igw-");
}
