import type { PlannedResource } from "../../plan/types";
import type { Month } from "./month";
import { charge, type Price } from "./price";
import { apiGateway } from "./resources/apiGateway";
import { cloudWatch } from "./resources/cloudWatch";
import { databases } from "./resources/databases";
import { ecs } from "./resources/ecs";
import { lambda } from "./resources/lambda";
import { messaging } from "./resources/messaging";
import { network } from "./resources/network";
import type { Pricing } from "./resources/pricing";
import { s3 } from "./resources/s3";
import { security } from "./resources/security";

/** USD of a month for one unit of one resource. */
export interface Line {
    /** Name of the top-level component. */
    readonly system: string;
    readonly resource: PlannedResource;
    /** E.g. `lambda`. */
    readonly service: string;
    /** E.g. `GB-second`. */
    readonly unit: string;
    readonly units: number;
    readonly usd: number;
    readonly confidence: Price["confidence"];
}

/** What the declared resources of a stack cost in a month. Steps of prices count for each resource by itself. */
export interface Bill {
    readonly lines: readonly Line[];
    /** Types that are not known here, with the names of their resources; and parts of other resources. */
    readonly notPriced: readonly string[];
}

/** What the types of resources cost: the one table of them. */
const SERVICES = [apiGateway, cloudWatch, databases, ecs, lambda, messaging, network, s3, security];

const PRICED: Readonly<Record<string, Pricing>> = Object.fromEntries(
    SERVICES.flatMap(({ priced }) => Object.entries(priced)),
);

const FREE = new Set(SERVICES.flatMap(({ free }) => free));

/** Adds up what each resource of a month's plan costs. */
export function billOf(month: Month): Bill {
    const { structure } = month;
    const lines: Line[] = [];
    const notPriced = new Set<string>();
    const unknown = new Map<string, string[]>();
    for (const resource of structure.plan.resources) {
        const pricing = PRICED[resource.type];
        const own = !resource.custom && !resource.remote;
        if (!pricing && !own && !FREE.has(resource.type)) {
            unknown.set(resource.type, [...(unknown.get(resource.type) ?? []), resource.name]);
        }
        for (const item of pricing?.(resource, month) ?? []) {
            if ("notPriced" in item) {
                notPriced.add(item.notPriced);
            } else {
                const { price, units } = item;
                const { unit, confidence } = price;
                lines.push({
                    ...{ system: structure.systemOf(resource), resource, service: serviceOf(resource.type) },
                    ...{ unit, units, usd: charge(price, units), confidence },
                });
            }
        }
    }
    const types = [...unknown].map(([type, names]) => `${type} (${names.join(", ")})`);
    return { lines, notPriced: [...types, ...notPriced] };
}

/** What a type is to `cost`: it has a price, costs nothing, or is not known. */
export function pricingOf(type: string): "priced" | "free" | "unknown" {
    return type in PRICED ? "priced" : FREE.has(type) ? "free" : "unknown";
}

/** The module of a type, such as `lambda` of `aws:lambda/function:Function`. */
function serviceOf(type: string): string {
    return type.split(":")[1].split("/")[0];
}
