import { authorize } from "../access";
import type { Operation } from "../environment";
import { invalidParameter } from "../errors";
import { optionalText, requiredText } from "../input";
import { arnIn, clusterOf, existing, taskOutput } from "./output";

/** `StopTask`: SIGTERM, and SIGKILL after the container's stopTimeout. */
export const stopTask: Operation = (request) => {
    const { environment, input } = request;
    const cluster = clusterOf(request);
    const arn = arnIn(cluster.arn, "task", requiredText(input, "task"));
    const reason = optionalText(input, "reason") ?? "Task stopped by user";
    if (reason.length > LONGEST_REASON) throw invalidParameter("The reason must have at most 255 characters.");
    authorize(request, "ecs:StopTask", arn, cluster.context);
    const task = environment.tasks.find(existing(cluster).arn, arn);
    if (task === undefined) throw invalidParameter("The referenced task was not found.");
    environment.tasks.stop(task, "UserInitiated", reason);
    return { task: taskOutput(task, true) };
};

const LONGEST_REASON = 255;
