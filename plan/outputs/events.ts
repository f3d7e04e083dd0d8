import type { Predictor } from "./types";

/** Rules of EventBridge and their targets. */
export const events: Readonly<Record<string, Predictor>> = {
    "aws:cloudwatch/eventRule:EventRule": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        const bus = String(inputs.eventBusName ?? "default");
        const path = bus === "default" ? name : `${bus}/${name}`;
        return { id: name, outputs: { name, arn: `arn:aws:events:${region}:${account}:rule/${path}` } };
    },
    "aws:cloudwatch/eventTarget:EventTarget": ({ inputs, physicalName }) => {
        const targetId = physicalName(inputs.targetId);
        return { id: `${String(inputs.rule)}-${targetId}`, outputs: { targetId } };
    },
};
