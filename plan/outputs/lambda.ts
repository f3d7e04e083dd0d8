import type { Predictor } from "./types";

/** Functions and what belongs to them. */
export const lambda: Readonly<Record<string, Predictor>> = {
    "aws:lambda/function:Function": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
        const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
        return { id: name, outputs: { name, arn, invokeArn, version: "$LATEST", qualifiedArn: `${arn}:$LATEST` } };
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": ({ inputs, region, account, uuid }) => {
        const id = uuid();
        // With its alias, if it is invoked by one.
        const name = String(inputs.functionName).replace(/^arn:.*:function:/, "");
        const arn = `arn:aws:lambda:${region}:${account}:event-source-mapping:${id}`;
        const functionArn = `arn:aws:lambda:${region}:${account}:function:${name}`;
        const state = inputs.enabled === false ? "Disabled" : "Enabled";
        return { id, outputs: { uuid: id, arn, functionArn, state } };
    },
    // What the function will answer is not known before it is invoked.
    "aws:lambda/invocation:Invocation": ({ unique }) => ({ id: unique(16), outputs: { result: "" } }),
    "aws:lambda/permission:Permission": ({ inputs, physicalName }) => {
        const statementId = physicalName(inputs.statementId);
        return { id: statementId, outputs: { statementId } };
    },
};
