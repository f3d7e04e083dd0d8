import type { PlannedResource } from "../../../plan/types";
import type { Month } from "../month";
import type { Price } from "../price";

/** So many units of a price in a month. */
export interface Charge {
    readonly price: Price;
    readonly units: number;
}

/** A part of a resource that costs something which is not known here. */
export interface Unknown {
    /** Completes the sentence "Not priced: …". */
    readonly notPriced: string;
}

/** What a resource costs in a month. */
export type Pricing = (resource: PlannedResource, month: Month) => readonly (Charge | Unknown)[];

/** What the resources of an AWS service cost, by type. A type that is in neither is named as not priced. */
export interface ServicePricing {
    readonly priced: Readonly<Record<string, Pricing>>;
    /** Types that cost nothing by themselves. */
    readonly free: readonly string[];
}

export const BYTES_PER_GB = 1e9;

/** A month, as AWS's own calculator takes it. */
export const DAYS = 730 / 24;

export const SECONDS = 730 * 3600;
