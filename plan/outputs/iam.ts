import type { Predictor } from "./types";

/** Roles and policies. */
export const iam: Readonly<Record<string, Predictor>> = {
    "aws:iam/role:Role": ({ inputs, account, physicalName, unique }) => {
        const name = physicalName(inputs.name);
        const path = String(inputs.path ?? "/");
        const uniqueId = `AROA${unique(17).toUpperCase()}`;
        return { id: name, outputs: { name, arn: `arn:aws:iam::${account}:role${path}${name}`, uniqueId } };
    },
    "aws:iam/policy:Policy": ({ inputs, account, physicalName }) => {
        const name = physicalName(inputs.name);
        const arn = `arn:aws:iam::${account}:policy${String(inputs.path ?? "/")}${name}`;
        return { id: arn, outputs: { name, arn } };
    },
    "aws:iam/rolePolicy:RolePolicy": ({ inputs, physicalName }) => {
        const name = physicalName(inputs.name);
        return { id: `${inputs.role}:${name}`, outputs: { name } };
    },
};
