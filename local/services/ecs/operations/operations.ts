import { awsError } from "../../../errors";
import type { Operation } from "../environment";
import { describeClusters, describeTaskDefinition } from "./declared";
import { describeTasks } from "./describeTasks";
import { listTasks } from "./listTasks";
import { runTask } from "./runTask";
import { describeServices, updateService } from "./services";
import { stopTask } from "./stopTask";

/** @throws NotImplemented for an operation that the local run does not have */
export function operationOf(name: string): Operation {
    if (!Object.hasOwn(operations, name)) {
        throw awsError("NotImplemented", 501, `The local run does not serve the operation ${name} of ECS.`);
    }
    return operations[name];
}

const operations: Readonly<Record<string, Operation>> = {
    DescribeClusters: describeClusters,
    DescribeServices: describeServices,
    DescribeTaskDefinition: describeTaskDefinition,
    DescribeTasks: describeTasks,
    ListTasks: listTasks,
    RunTask: runTask,
    StopTask: stopTask,
    UpdateService: updateService,
};
