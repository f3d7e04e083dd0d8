import { authorize, authorizeRole } from "../access";
import { CAPACITY } from "../capacity";
import type { EcsRequest, Operation } from "../environment";
import { invalidParameter } from "../errors";
import { executionRoleOf, taskRoleOf, type Task, type TaskRequest } from "../types";
import { clusterOf, existing, taskOutput } from "./output";
import { checkNames } from "./overrides";
import { readRunTask, type RunTaskInput } from "./runTaskInput";

/** `RunTask`. What there is no capacity for is among the failures, with HTTP 200. */
export const runTask: Operation = (request) => {
    const { environment } = request;
    const given = readRunTask(request.input);
    const cluster = clusterOf(request);
    const definition = environment.registry.definition(given.taskDefinition);
    authorizeRun(request, given, definition.arn);
    const existingCluster = existing(cluster);
    if (definition.found === undefined) throw invalidParameter("TaskDefinition not found.");
    checkNames(given.overrides, definition.found);
    const wanted: TaskRequest = {
        cluster: existingCluster,
        definition: definition.found,
        group: given.group ?? `family:${definition.found.family}`,
        ...(given.startedBy === undefined ? {} : { startedBy: given.startedBy }),
        subnets: given.subnets,
        overrides: given.overrides,
        tags: { ...(given.propagate ? definition.found.tags : {}), ...given.tags },
        ...(given.capacityProvider === undefined ? {} : { capacityProvider: given.capacityProvider }),
    };
    for (const role of new Set([taskRoleOf(wanted), executionRoleOf(wanted)])) {
        if (role !== undefined) authorizeRole(request, role);
    }
    const tasks = startOnce(request, given, wanted);
    return {
        tasks: tasks.map((task) => taskOutput(task, true)),
        failures: Array.from({ length: given.count - tasks.length }, () => ({ reason: CAPACITY })),
    };
};

/** Service Authorization Reference, "Amazon ECS": the concrete revision, and the tags that the tasks get by the request. */
function authorizeRun(request: EcsRequest, given: RunTaskInput, definitionArn: string): void {
    const { arn, context } = clusterOf(request);
    const tags = Object.entries(given.tags);
    const tagKeys = {
        ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
        ...(tags.length > 0 ? { "aws:TagKeys": tags.map(([key]) => key) } : {}),
    };
    authorize(request, "ecs:RunTask", definitionArn, { ...context, ...tagKeys });
    if (tags.length > 0 || given.propagate) {
        const tasks = `${arn.replace(":cluster/", ":task/")}/*`;
        authorize(request, "ecs:TagResource", tasks, { ...context, ...tagKeys, "ecs:CreateAction": "RunTask" });
    }
}

/** A client token that was used gives the same tasks again; where nothing could be started, it may be tried again. */
function startOnce({ environment }: EcsRequest, given: RunTaskInput, wanted: TaskRequest): readonly Task[] {
    const { clientToken, ...asked } = given;
    const token = `${wanted.cluster.arn} ${clientToken}`;
    const fingerprint = JSON.stringify(asked);
    const before = clientToken === undefined ? undefined : environment.started.find(token, fingerprint);
    if (before !== undefined) return before;
    const tasks: Task[] = [];
    for (let count = 0; count < given.count; count++) {
        const task = environment.tasks.start(wanted);
        if (task === undefined) break;
        tasks.push(task);
    }
    if (clientToken !== undefined && tasks.length > 0) environment.started.keep(token, fingerprint, tasks);
    return tasks;
}
