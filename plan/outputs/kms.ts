import type { Predictor } from "./types";

/** Customer keys. */
export const kms: Readonly<Record<string, Predictor>> = {
    "aws:kms/key:Key": ({ region, account, uuid }) => {
        const id = uuid();
        return { id, outputs: { keyId: id, arn: `arn:aws:kms:${region}:${account}:key/${id}` } };
    },
    "aws:kms/alias:Alias": ({ inputs, region, account, physicalName }) => {
        const name = typeof inputs.name === "string" ? inputs.name : `alias/${physicalName(undefined)}`;
        return { id: name, outputs: { name, arn: `arn:aws:kms:${region}:${account}:${name}` } };
    },
};
