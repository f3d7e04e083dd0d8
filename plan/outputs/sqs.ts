import type { Predictor } from "./types";

/** What sets something of a queue has the queue's URL as its id. */
const ofQueue: Predictor = ({ inputs }) => ({ id: String(inputs.queueUrl), outputs: {} });

/** Queues. */
export const sqs: Readonly<Record<string, Predictor>> = {
    "aws:sqs/queue:Queue": ({ inputs, region, account, physicalName }) => {
        const name = queueName(inputs, physicalName);
        const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
        return { id: url, outputs: { name, url, arn: `arn:aws:sqs:${region}:${account}:${name}` } };
    },
    "aws:sqs/queuePolicy:QueuePolicy": ofQueue,
    "aws:sqs/redrivePolicy:RedrivePolicy": ofQueue,
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": ofQueue,
};

/** A generated name of a FIFO queue ends as SQS wants it. */
function queueName(inputs: Readonly<Record<string, unknown>>, physicalName: (given: unknown) => string): string {
    const name = physicalName(inputs.name);
    return inputs.fifoQueue === true && !name.endsWith(".fifo") ? `${name}.fifo` : name;
}
