import * as crypto from "node:crypto";
import type { Predictor } from "./types";

/** The remote components of `@pulumi/awsx`. Only what they answer is predicted, not the resources that they are made of. */
export const awsx: Readonly<Record<string, Predictor>> = {
    "awsx:ec2:Vpc": ({ inputs, hex }) => {
        const subnets = subnetsOf(inputs).map((subnet) => ({
            ...subnet,
            id: `subnet-${hex(17, subnet.place)}`,
            routeTable: { id: `rtb-${hex(17, `route table ${subnet.place}`)}` },
        }));
        const ids = (type: SubnetType) => subnets.flatMap((subnet) => (subnet.type === type ? [subnet.id] : []));
        const vpcId = `vpc-${hex(17)}`;
        return {
            id: "",
            outputs: {
                vpcId,
                vpc: { id: vpcId },
                publicSubnetIds: ids("public"),
                privateSubnetIds: ids("private"),
                isolatedSubnetIds: ids("isolated"),
                subnets: subnets.map(({ id }) => ({ id })),
                routeTables: subnets.map(({ routeTable }) => routeTable),
                internetGateway: { id: `igw-${hex(17, "internet gateway")}` },
            },
        };
    },
    // The digest stands for the inputs: what Docker would make of them is not known.
    "awsx:ecr:Image": ({ inputs }) => {
        const digest = crypto
            .createHash("sha256")
            .update(JSON.stringify(sorted(inputs)))
            .digest("hex");
        return { id: "", outputs: { imageUri: `${String(inputs.repositoryUrl)}@sha256:${digest}` } };
    },
};

type SubnetType = "public" | "private" | "isolated";

/** In awsx's order: zone by zone, in each first the public subnets. */
function subnetsOf(inputs: Readonly<Record<string, unknown>>): { type: SubnetType; place: string }[] {
    const { availabilityZoneNames: zones, subnetSpecs = [], subnetStrategy } = inputs as VpcInputs;
    if (!zones) {
        throw new Error("availabilityZoneNames is missing: without it awsx asks the cloud for the names of the zones.");
    }
    const given = subnetSpecs.map(({ type, name }) => ({ type: type.toLowerCase(), name }));
    const missing = DEFAULT_TYPES.filter((type) => given.every((spec) => spec.type !== type));
    const specs = [
        ...given,
        ...(given.length === 0 || subnetStrategy === "AutoMerge"
            ? missing.map((type) => ({ type, name: undefined }))
            : []),
    ];
    return zones.flatMap((zone) =>
        TYPES.flatMap((type) =>
            specs
                .filter((spec) => spec.type === type)
                .map(({ name = type }, index) => ({ type, place: `${zone} ${name} ${index}` })),
        ),
    );
}

interface VpcInputs {
    readonly availabilityZoneNames?: readonly string[];
    readonly subnetSpecs?: readonly { readonly type: string; readonly name?: string }[];
    readonly subnetStrategy?: string;
}

const TYPES: readonly SubnetType[] = ["public", "private", "isolated"];

/** What awsx makes in each zone where no specification is given. */
const DEFAULT_TYPES: readonly SubnetType[] = ["public", "private"];

/** The value with its keys in one order, so that equal inputs have one text. */
function sorted(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(
              Object.entries(value)
                  .sort(([a], [b]) => (a < b ? -1 : 1))
                  .map(([key, item]) => [key, sorted(item)]),
          )
        : value;
}
