import { generatedValue, type Predictor } from "./types";

/** REST APIs. */
export const apigateway: Readonly<Record<string, Predictor>> = {
    "aws:apigateway/restApi:RestApi": ({ inputs, region, account, physicalName, unique }) => {
        const id = unique(10);
        return {
            id,
            outputs: {
                name: physicalName(inputs.name),
                arn: `arn:aws:apigateway:${region}::/restapis/${id}`,
                executionArn: `arn:aws:execute-api:${region}:${account}:${id}`,
                rootResourceId: unique(10, "root"),
            },
        };
    },
    "aws:apigateway/deployment:Deployment": ({ unique }) => {
        const id = unique(6);
        return { id, outputs: {} };
    },
    "aws:apigateway/stage:Stage": ({ inputs, region, account }) => {
        const { restApi, stageName } = inputs as { restApi: string; stageName: string };
        return {
            id: `ags-${restApi}-${stageName}`,
            outputs: {
                arn: `arn:aws:apigateway:${region}::/restapis/${restApi}/stages/${stageName}`,
                executionArn: `arn:aws:execute-api:${region}:${account}:${restApi}/${stageName}`,
                invokeUrl: `https://${restApi}.execute-api.${region}.amazonaws.com/${stageName}`,
            },
        };
    },
    "aws:apigateway/apiKey:ApiKey": ({ inputs, urn, region, physicalName, unique }) => {
        const id = unique(10);
        return {
            id,
            outputs: {
                name: physicalName(inputs.name),
                arn: `arn:aws:apigateway:${region}::/apikeys/${id}`,
                value: inputs.value ?? generatedValue(urn, "value"),
            },
        };
    },
    "aws:apigateway/usagePlan:UsagePlan": ({ inputs, region, physicalName, unique }) => {
        const id = unique(6);
        return {
            id,
            outputs: { name: physicalName(inputs.name), arn: `arn:aws:apigateway:${region}::/usageplans/${id}` },
        };
    },
    "aws:apigateway/usagePlanKey:UsagePlanKey": ({ inputs, unique }) => ({
        id: unique(10),
        outputs: { name: inputs.keyId },
    }),
};
