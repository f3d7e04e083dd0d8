import type { Predictor } from "./types";

/** Clusters, task definitions and services. */
export const ecs: Readonly<Record<string, Predictor>> = {
    "aws:ecs/cluster:Cluster": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        const arn = `arn:aws:ecs:${region}:${account}:cluster/${name}`;
        return { id: arn, outputs: { name, arn } };
    },
    // A new stack's family has one revision.
    "aws:ecs/taskDefinition:TaskDefinition": ({ inputs, region, account }) => {
        const family = String(inputs.family);
        const arnWithoutRevision = `arn:aws:ecs:${region}:${account}:task-definition/${family}`;
        const arn = `${arnWithoutRevision}:1`;
        return { id: family, outputs: { family, arn, arnWithoutRevision, revision: 1 } };
    },
    "aws:ecs/service:Service": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        const cluster = String(inputs.cluster ?? "default").replace(/^arn:.*:cluster\//, "");
        const arn = `arn:aws:ecs:${region}:${account}:service/${cluster}/${name}`;
        return { id: arn, outputs: { name, arn } };
    },
};
