import type { Predictor } from "./types";

/** Functions and what belongs to them. */
export const lambda: Readonly<Record<string, Predictor>> = {
    "aws:lambda/function:Function": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
        const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
        return { id: name, outputs: { name, arn, invokeArn, version: "$LATEST", qualifiedArn: `${arn}:$LATEST` } };
    },
    "aws:lambda/permission:Permission": ({ inputs, physicalName }) => {
        const statementId = physicalName(inputs.statementId);
        return { id: statementId, outputs: { statementId } };
    },
};
