import type { Predictor } from "./types";

/** Scalable targets and their policies. */
export const appautoscaling: Readonly<Record<string, Predictor>> = {
    "aws:appautoscaling/target:Target": ({ inputs, region, account, unique }) => ({
        id: String(inputs.resourceId),
        outputs: { arn: `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${unique(34)}` },
    }),
    "aws:appautoscaling/policy:Policy": ({ inputs, region, account, physicalName, uuid }) => {
        const name = physicalName(inputs.name);
        const resource = `resource/${String(inputs.serviceNamespace)}/${String(inputs.resourceId)}`;
        const arn = `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${uuid()}:${resource}:policyName/${name}`;
        return { id: name, outputs: { name, arn, policyType: inputs.policyType ?? "StepScaling", alarmArns: [] } };
    },
};
