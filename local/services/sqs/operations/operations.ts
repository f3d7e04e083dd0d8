import { awsError } from "../../../errors";
import type { SqsRequest } from "../environment";
import { unsupported } from "../errors";
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from "./moveTasks";
import {
    getQueueAttributes,
    getQueueUrl,
    listDeadLetterSourceQueues,
    listQueues,
    purgeQueue,
    setQueueAttributes,
} from "./queues";
import { receiveMessage } from "./receive";
import { sendMessage, sendMessageBatch } from "./send";
import { changeMessageVisibility, changeMessageVisibilityBatch, deleteMessage, deleteMessageBatch } from "./settle";

export type Operation = (request: SqsRequest) => object | Promise<object>;

/**
 * The operation of a name.
 *
 * @throws UnsupportedOperation for one that only SQS itself has, InvalidAction for any other
 */
export function operationOf(name: string): Operation {
    const operation = operations.get(name);
    if (operation !== undefined) return operation;
    if (others.has(name)) throw unsupported(`the operation ${name}`);
    throw awsError("InvalidAction", 400, `The action ${name} is not valid for this endpoint.`);
}

const operations = new Map<string, Operation>(
    Object.entries({
        CancelMessageMoveTask: cancelMessageMoveTask,
        ChangeMessageVisibility: changeMessageVisibility,
        ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
        DeleteMessage: deleteMessage,
        DeleteMessageBatch: deleteMessageBatch,
        GetQueueAttributes: getQueueAttributes,
        GetQueueUrl: getQueueUrl,
        ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
        ListMessageMoveTasks: listMessageMoveTasks,
        ListQueues: listQueues,
        PurgeQueue: purgeQueue,
        ReceiveMessage: receiveMessage,
        SendMessage: sendMessage,
        SendMessageBatch: sendMessageBatch,
        SetQueueAttributes: setQueueAttributes,
        StartMessageMoveTask: startMessageMoveTask,
    }),
);

/** Queues are made by the program, and by it alone. */
const others = new Set([
    "AddPermission",
    "CreateQueue",
    "DeleteQueue",
    "ListQueueTags",
    "RemovePermission",
    "TagQueue",
    "UntagQueue",
]);
