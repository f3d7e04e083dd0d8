import * as sqs from "@aws-sdk/client-sqs";
import * as v from "valibot";
import type { Starter } from "./command";

/** Puts each command into the queue of the worker service. */
export function queueStarter(queueUrl: string): Starter {
    const client = new sqs.SQSClient({ requestHandler: { connectionTimeout: 2_000 } });
    return {
        async start(command) {
            await client.send(
                new sqs.SendMessageCommand({
                    QueueUrl: queueUrl,
                    MessageBody: JSON.stringify(command),
                    MessageAttributes: { RequestId: { DataType: "String", StringValue: command.requestId } },
                }),
                { abortSignal: AbortSignal.timeout(START_MS) },
            );
        },
    };
}

const START_MS = 5_000;

/** Schema of a message's body. */
export function commandSchema() {
    const count = () => v.pipe(v.number(), v.integer(), v.minValue(1));
    return v.pipe(
        v.string(),
        v.parseJson(),
        v.object({
            client: v.string(),
            orderId: v.string(),
            command: count(),
            attempt: count(),
            requestId: v.string(),
        }),
    );
}
