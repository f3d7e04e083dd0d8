import { awsError } from "../../../errors";
import { authorize } from "../access";
import { apiTime } from "../description";
import type { Operation } from "../environment";
import { invalidParameter } from "../errors";
import { integer, refuseOthers, requiredText, textList } from "../input";
import type { Service } from "../scheduler";
import { arnIn, clusterOf, existing, tagList, wantsTags } from "./output";

/** `DescribeServices` */
export const describeServices: Operation = (request) => {
    const cluster = clusterOf(request);
    const asked = textList(request.input, "services").map((service) => arnIn(cluster.arn, "service", service));
    if (asked.length === 0) throw invalidParameter("Services cannot be empty.");
    asked.forEach((arn) => authorize(request, "ecs:DescribeServices", arn, cluster.context));
    const { arn: clusterArn } = existing(cluster);
    const found = asked.map((arn) => ({ arn, service: request.environment.scheduler.find(clusterArn, arn) }));
    const withTags = wantsTags(request);
    return {
        services: found.flatMap(({ service }) => (service === undefined ? [] : serviceOutput(service, withTags))),
        failures: found.flatMap(({ service, arn }) => (service === undefined ? { arn, reason: "MISSING" } : [])),
    };
};

/** `UpdateService`, as far as the number of tasks goes. */
export const updateService: Operation = (request) => {
    const { environment, input } = request;
    refuseOthers("UpdateService", input, ["cluster", "service", "desiredCount"]);
    const cluster = clusterOf(request);
    const arn = arnIn(cluster.arn, "service", requiredText(input, "service"));
    authorize(request, "ecs:UpdateService", arn, cluster.context);
    const service = environment.scheduler.find(existing(cluster).arn, arn);
    if (service === undefined) throw awsError("ServiceNotFoundException", 400, "Service not found.");
    const count = integer(input, "desiredCount", [0, MOST_TASKS]);
    if (count !== undefined) environment.scheduler.setDesiredCount(arn, count);
    return { service: serviceOutput(service, true) };
};

/** ECS's quota of tasks per service. */
const MOST_TASKS = 5000;

function serviceOutput(service: Service, withTags: boolean): object {
    const { declaration, desiredCount, deployment, createdAt } = service;
    const tasks = service.tasks();
    const counts = {
        desiredCount,
        runningCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
        pendingCount: tasks.filter(({ lastStatus }) => /^P/.test(lastStatus)).length,
    };
    const common = { createdAt: apiTime(createdAt), launchType: "FARGATE", taskDefinition: declaration.definitionArn };
    return {
        serviceArn: declaration.arn,
        serviceName: declaration.name,
        clusterArn: declaration.clusterArn,
        status: "ACTIVE",
        ...common,
        ...counts,
        deployments: [{ id: deployment, status: "PRIMARY", ...common, ...counts }],
        events: [],
        tags: withTags ? tagList(declaration.tags) : [],
    };
}
