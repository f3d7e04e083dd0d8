import { authorize } from "../access";
import type { EcsRequest, Operation } from "../environment";
import { invalidParameter } from "../errors";
import { integer, optionalText, refuseOthers } from "../input";
import type { Task } from "../types";
import { clusterOf, existing } from "./output";

/** `ListTasks`; policies know it by the cluster's container instances, as on Fargate there are none, in effect by the cluster. */
export const listTasks: Operation = (request) => {
    const { input, environment } = request;
    refuseOthers("ListTasks", input, FILTERS);
    const cluster = clusterOf(request);
    const [prefix, name] = cluster.arn.split(":cluster/");
    authorize(request, "ecs:ListTasks", `${prefix}:container-instance/${name}/*`, cluster.context);
    const { arn } = existing(cluster);
    const matches = filterOf(request);
    const listed = environment.tasks.list().filter((task) => task.cluster.arn === arn && matches(task));
    const most = integer(input, "maxResults", [1, MOST]) ?? MOST;
    const after = optionalText(input, "nextToken");
    const start = after === undefined ? 0 : listed.findIndex((task) => task.id === after) + 1;
    if (after !== undefined && start === 0) throw invalidParameter("Invalid token.");
    const page = listed.slice(start, start + most);
    return {
        taskArns: page.map((task) => task.arn),
        ...(start + most < listed.length ? { nextToken: page.at(-1)!.id } : {}),
    };
};

const FILTERS = [
    "cluster",
    "family",
    "startedBy",
    "serviceName",
    "desiredStatus",
    "launchType",
    "maxResults",
    "nextToken",
];

/** ECS API Reference, ListTasks. */
const MOST = 100;

function filterOf({ input }: EcsRequest): (task: Task) => boolean {
    const family = optionalText(input, "family");
    const startedBy = optionalText(input, "startedBy");
    const serviceName = optionalText(input, "serviceName");
    const status = optionalText(input, "desiredStatus") ?? "RUNNING";
    if (!["RUNNING", "PENDING", "STOPPED"].includes(status)) {
        throw invalidParameter(`Invalid desired status: ${status}`);
    }
    const launchType = optionalText(input, "launchType") ?? "FARGATE";
    return (task) =>
        task.desiredStatus === status &&
        launchType === "FARGATE" &&
        (family === undefined || task.definition.family === family) &&
        (startedBy === undefined || task.startedBy === startedBy) &&
        (serviceName === undefined || task.group === `service:${serviceName}`);
}
