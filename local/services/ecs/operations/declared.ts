import { awsError } from "../../../errors";
import { authorize } from "../access";
import type { Operation } from "../environment";
import { requiredText, textList } from "../input";
import { tagList, wantsTags } from "./output";

/** `DescribeTaskDefinition`; ECS asks for it on all resources. */
export const describeTaskDefinition: Operation = (request) => {
    const name = requiredText(request.input, "taskDefinition");
    authorize(request, "ecs:DescribeTaskDefinition", "*");
    const { found } = request.environment.registry.definition(name);
    if (found === undefined) throw awsError("ClientException", 400, "Unable to describe task definition.");
    const { arn, family, revision, cpu, memory, taskRoleArn, executionRoleArn, described, tags } = found;
    return {
        taskDefinition: {
            ...{ taskDefinitionArn: arn, family, revision, cpu, memory, taskRoleArn, executionRoleArn },
            status: "ACTIVE",
            ...described,
        },
        tags: wantsTags(request) ? tagList(tags) : [],
    };
};

/** `DescribeClusters` */
export const describeClusters: Operation = (request) => {
    const { registry, tasks, scheduler } = request.environment;
    const names = textList(request.input, "clusters");
    const asked = (names.length === 0 ? ["default"] : names).map((name) => registry.cluster(name));
    asked.forEach(({ arn }) => authorize(request, "ecs:DescribeClusters", arn));
    return {
        clusters: asked.flatMap(({ found }) => {
            if (found === undefined) return [];
            const own = tasks.list().filter(({ cluster }) => cluster.arn === found.arn);
            const services = registry.services().filter(({ clusterArn }) => clusterArn === found.arn);
            return {
                clusterArn: found.arn,
                clusterName: found.name,
                status: "ACTIVE",
                registeredContainerInstancesCount: 0,
                runningTasksCount: own.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
                pendingTasksCount: own.filter(({ lastStatus }) => /^P/.test(lastStatus)).length,
                activeServicesCount: services.filter(({ name }) => scheduler.find(found.arn, name)).length,
            };
        }),
        failures: asked.flatMap(({ found, arn }) => (found === undefined ? { arn, reason: "MISSING" } : [])),
    };
};
