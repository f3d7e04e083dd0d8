import { awsError } from "../../../errors";
import { authorizeKey, authorizeQueue } from "../access";
import type { SqsRequest } from "../environment";
import { invalidParameter } from "../errors";
import { optionalInteger, optionalText, requiredText } from "../input";
import type { MoveTask } from "../moveTasks";
import type { Queue } from "../queue/queue";
import { sourcesOf } from "./queues";

export function startMessageMoveTask(request: SqsRequest): object {
    const { environment, input } = request;
    const source = queueOf(request, "SourceArn", requiredText(input, "SourceArn"));
    for (const action of ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]) {
        authorizeQueue(request, source, action);
    }
    authorizeKey(request, source, "receive");
    const maxPerSecond = optionalInteger(input, "MaxNumberOfMessagesPerSecond", {
        from: 1,
        to: 500,
        reason: "Must be between 1 and 500, if provided.",
    });
    const sources = sourcesOf(environment, source.arn);
    if (sources.length === 0) throw invalidParameter("Source queue must be configured as a Dead Letter Queue.");
    const destinationArn = optionalText(input, "DestinationArn");
    if (destinationArn === source.arn) {
        throw invalidParameter("Source queue arn and destination queue arn cannot be the same.");
    }
    const destinations = destinationArn === undefined ? sources : [queueOf(request, "DestinationArn", destinationArn)];
    for (const destination of destinations) {
        authorizeQueue(request, destination, "SendMessage");
        authorizeKey(request, destination, "send");
    }
    if (environment.moveTasks.list(source.arn).some(isActive)) {
        throw invalidParameter(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        );
    }
    const task = environment.moveTasks.start({
        source,
        ...(destinationArn === undefined ? {} : { destinationArn }),
        ...(maxPerSecond === undefined ? {} : { maxPerSecond }),
    });
    return { TaskHandle: task.handle };
}

export function listMessageMoveTasks(request: SqsRequest): object {
    const { environment, input } = request;
    const source = queueOf(request, "SourceArn", requiredText(input, "SourceArn"));
    authorizeQueue(request, source, "ListMessageMoveTasks");
    const max = optionalInteger(input, "MaxResults", {
        from: 1,
        to: 10,
        reason: "Must be between 1 and 10, if provided.",
    });
    return {
        Results: environment.moveTasks
            .list(source.arn)
            .slice(0, max ?? 1)
            .map(described),
    };
}

export function cancelMessageMoveTask(request: SqsRequest): object {
    const { environment, input } = request;
    const task = environment.moveTasks.find(requiredText(input, "TaskHandle"));
    if (task === undefined) throw awsError("ResourceNotFoundException", 404, "Task does not exist.");
    authorizeQueue(request, task.source, "CancelMessageMoveTask");
    if (task.status !== "RUNNING") throw invalidParameter("Only active tasks can be cancelled.");
    environment.moveTasks.cancel(task);
    return { ApproximateNumberOfMessagesMoved: task.moved };
}

function queueOf({ environment }: SqsRequest, parameter: string, arn: string): Queue {
    const queue = environment.find(arn);
    if (queue === undefined) {
        throw awsError(
            "ResourceNotFoundException",
            404,
            `The resource that you specified for the ${parameter} parameter doesn't exist.`,
        );
    }
    return queue;
}

function isActive({ status }: MoveTask): boolean {
    return status === "RUNNING" || status === "CANCELLING";
}

/** Only a task that runs shows its handle. */
function described(task: MoveTask): object {
    return {
        ...(task.status === "RUNNING" ? { TaskHandle: task.handle } : {}),
        Status: task.status,
        SourceArn: task.source.arn,
        ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
        ...(task.maxPerSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.maxPerSecond }),
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        ...(task.failureReason === undefined ? {} : { FailureReason: task.failureReason }),
        StartedTimestamp: task.started,
    };
}
