import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

/**
 * Makes the Lambda handler of a queue, each message by itself: those that fail come again, the others are done.
 *
 * @param handle Handles one message, and throws when it must come again. It reports its own failures.
 */
export function batchHandler(handle: (record: SQSRecord) => Promise<void>) {
    return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
        const results = await Promise.allSettled(Records.map(async (record) => handle(record)));
        return {
            batchItemFailures: Records.filter((_, index) => results[index].status === "rejected").map(
                ({ messageId }) => ({ itemIdentifier: messageId }),
            ),
        };
    };
}
