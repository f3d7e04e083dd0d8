import type { Predictor } from "./types";

/** Tables. Their id is their name. */
export const dynamodb: Readonly<Record<string, Predictor>> = {
    "aws:dynamodb/table:Table": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
        const stream = { streamLabel: STREAM_LABEL, streamArn: `${arn}/stream/${STREAM_LABEL}` };
        return { id: name, outputs: { name, arn, ...(inputs.streamEnabled === true && stream) } };
    },
};

/** AWS takes the time at which the stream was made; a prediction must be the same each time. */
const STREAM_LABEL = "2026-01-01T00:00:00.000";
