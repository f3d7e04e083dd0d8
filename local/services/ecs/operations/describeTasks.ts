import { authorize } from "../access";
import type { Operation } from "../environment";
import { invalidParameter } from "../errors";
import { textList } from "../input";
import { arnIn, clusterOf, existing, taskOutput, wantsTags } from "./output";

/** `DescribeTasks`: tasks of the last hour; others are among the failures. */
export const describeTasks: Operation = (request) => {
    const cluster = clusterOf(request);
    const asked = textList(request.input, "tasks").map((task) => arnIn(cluster.arn, "task", task));
    if (asked.length === 0) throw invalidParameter("Tasks cannot be empty.");
    if (asked.length > MOST_TASKS) throw invalidParameter(`Tasks cannot have more than ${MOST_TASKS} elements.`);
    asked.forEach((arn) => authorize(request, "ecs:DescribeTasks", arn, cluster.context));
    const { arn: clusterArn } = existing(cluster);
    const found = asked.map((arn) => ({ arn, task: request.environment.tasks.find(clusterArn, arn) }));
    const withTags = wantsTags(request);
    return {
        tasks: found.flatMap(({ task }) => (task === undefined ? [] : taskOutput(task, withTags))),
        failures: found.flatMap(({ task, arn }) => (task === undefined ? { arn, reason: "MISSING" } : [])),
    };
};

/** ECS API Reference, DescribeTasks. */
const MOST_TASKS = 100;
