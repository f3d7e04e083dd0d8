import * as crypto from "node:crypto";
import { isAwsError } from "../../errors";
import type { Authorizer, Principal } from "../../iam/types";
import type { LogSink } from "../logs/types";
import { executionRoleOf, type Task, type TaskContainer } from "./types";

/** Takes what a container writes. */
export interface ContainerLog {
    output(pipe: "stdout" | "stderr", text: string): void;
    /** Writes the lines that have no end yet. */
    end(): void;
}

export interface TaskLogArgs {
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly logs: LogSink;
    readonly print: (line: string) => void;
}

/**
 * Opens the `awslogs` stream `<prefix>/<container>/<task id>` in the name of the task's execution role.
 *
 * @returns undefined when the container names no log driver: Fargate drops its output.
 * @throws With ECS's reason, when the group does not exist or the role may not create the stream: then the task does not start.
 */
export function openContainerLog(args: TaskLogArgs, task: Task, container: TaskContainer): ContainerLog | undefined {
    const { definition } = container;
    if (definition.log === undefined) {
        return undefined;
    }
    const { group, streamPrefix } = definition.log;
    const stream = `${streamPrefix}/${definition.name}/${task.id}`;
    const resource = `arn:aws:logs:${args.region}:${args.account}:log-group:${group}:log-stream:${stream}`;
    const principal: Principal = { type: "role", roleArn: executionRoleOf(task)!, sessionName: task.id };
    createStream(args, group, { principal, action: "logs:CreateLogStream", resource });
    const put = { principal, action: "logs:PutLogEvents", resource };
    // What the driver cannot deliver does not stop the container.
    if (args.authorizer.decide(put).allowed) {
        args.authorizer.authorize(put, crypto.randomUUID());
        return lineLog((lines) => args.logs.put(group, stream, lines));
    }
    args.print(`${definition.name} writes no log: its execution role must be allowed ${put.action} on ${resource}`);
    return lineLog(() => undefined);
}

function createStream(
    { authorizer, logs }: TaskLogArgs,
    group: string,
    request: Parameters<Authorizer["authorize"]>[0],
): void {
    const requestId = crypto.randomUUID();
    try {
        authorizer.authorize(request, requestId);
    } catch (error) {
        if (!isAwsError(error)) throw error;
        throw new Error(loggerReason("AccessDeniedException", error.message, requestId), { cause: error });
    }
    if (!logs.has(group)) {
        throw new Error(
            loggerReason("ResourceNotFoundException", `The specified log group ${group} does not exist.`, requestId),
        );
    }
}

/** ECS Developer Guide, "ResourceInitializationError". */
function loggerReason(code: string, message: string, requestId: string): string {
    return (
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
        `failed to create Cloudwatch log stream: ${code}: ${message} status code: 400, request id: ${requestId}: exit status 1`
    );
}

/** Whole lines, from both pipes. */
function lineLog(put: (lines: string[]) => void): ContainerLog {
    const unfinished = { stdout: "", stderr: "" };
    return {
        output(pipe, text) {
            const lines = (unfinished[pipe] + text).split("\n");
            unfinished[pipe] = lines.pop()!;
            if (lines.length > 0) {
                put(lines);
            }
        },
        end() {
            const rest = [unfinished.stdout, unfinished.stderr].filter((line) => line !== "");
            unfinished.stdout = unfinished.stderr = "";
            if (rest.length > 0) {
                put(rest);
            }
        },
    };
}
