import type { PlannedResource } from "../../../plan/types";
import type { Month } from "../month";
import { PRICES } from "../prices";
import { REST_API } from "../structure";
import { traces } from "./lambda";
import { BYTES_PER_GB, type Pricing, type ServicePricing } from "./pricing";

const requests: Pricing = (api, month) => {
    const many = month.amount(api, "requests");
    return [
        { price: PRICES.apiGateway.restCall, units: many },
        { price: PRICES.dataOut.gb, units: (many * month.assumptions.responseBytes) / BYTES_PER_GB },
    ];
};

const stage: Pricing = (resource, month) => {
    const { xrayTracingEnabled, cacheClusterEnabled } = resource.inputs;
    return [
        ...(xrayTracingEnabled ? [traces(requestsOf(String(resource.inputs.restApi), month), month)] : []),
        ...(cacheClusterEnabled ? [{ notPriced: `the cache of stage ${resource.name}` }] : []),
    ];
};

/** Requests to the API of an id. */
export function requestsOf(id: string, month: Month): number {
    const api = month.structure.ofType(REST_API).find((one: PlannedResource) => one.id === id);
    return api ? month.amount(api, "requests") : 0;
}

export const apiGateway: ServicePricing = {
    priced: {
        [REST_API]: requests,
        "aws:apigateway/stage:Stage": stage,
    },
    free: [
        "aws:apigateway/account:Account",
        "aws:apigateway/apiKey:ApiKey",
        "aws:apigateway/deployment:Deployment",
        "aws:apigateway/methodSettings:MethodSettings",
        "aws:apigateway/response:Response",
        "aws:apigateway/usagePlan:UsagePlan",
        "aws:apigateway/usagePlanKey:UsagePlanKey",
    ],
};
