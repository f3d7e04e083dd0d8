import type { PlannedResource } from "../../../plan/types";
import type { Month } from "../month";
import { DEFAULT_LOAD, HOURS, idlePolls, pricesOf, taskHours, type OrderLoad, type TaskHours } from "../orders";
import { PRICES } from "../prices";
import type { Charge, Pricing, ServicePricing } from "./pricing";

/** Fargate, by the model of `npm run cost -- orders`: a task for each piece of work, or the tasks of a service. */
const tasks: Pricing = (definition, month) => {
    const load = loadOf(definition, month);
    const { vcpuHour, gbHour, addressHour } = pricesOf(load);
    const hours = hoursOf(definition, month);
    return [
        { price: vcpuHour, units: (hours * load.cpu) / 1024 },
        { price: gbHour, units: (hours * load.memory) / 1024 },
        ...(addressHour ? [{ price: addressHour, units: hours }] : []),
    ];
};

/** The tasks of a service ask their queue for messages while there are none. */
const service: Pricing = (resource, month) => {
    const definition = month.structure
        .ofType(TASK_DEFINITION)
        .find(({ outputs }) => outputs.arn === resource.inputs.taskDefinition);
    if (!definition) {
        return [{ notPriced: `the tasks of service ${resource.name}, whose definition is not in the plan` }];
    }
    const idle = Math.max(0, hoursOf(definition, month) - workOf(definition, month).work);
    return [{ price: PRICES.sqs.standardRequest, units: idlePolls(idle) }];
};

/** Container Insights measures a cluster in the hours in which it has tasks. */
const cluster: Pricing = ({ inputs }, month) => {
    const settings = (inputs.settings as readonly { name: string; value: string }[] | undefined) ?? [];
    const measures = settings.some(({ name, value }) => name === "containerInsights" && value !== "disabled");
    const hours = month.structure.ofType(TASK_DEFINITION).map((definition) => hoursOf(definition, month));
    const share = Math.min(1, Math.max(0, ...hours) / HOURS);
    return measures
        ? [{ price: PRICES.cloudWatch.metricMonth, units: month.assumptions.containerInsightsMetrics * share }]
        : [];
};

const repository: Pricing = ({ id }, month): Charge[] => {
    const policies = month.structure
        .ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy")
        .filter(({ inputs }) => inputs.repository === id)
        .flatMap(({ inputs }) => (JSON.parse(String(inputs.policy)) as { rules?: readonly EcrRule[] }).rules ?? []);
    const kept = policies.flatMap(({ selection }) =>
        selection?.countType === "imageCountMoreThan" ? (selection.countNumber ?? []) : [],
    );
    const images = kept.length > 0 ? Math.min(...kept) : 1;
    return [{ price: PRICES.ecr.gbMonth, units: images * month.assumptions.imageGb }];
};

interface EcrRule {
    readonly selection?: { readonly countType?: string; readonly countNumber?: number };
}

function hoursOf(definition: PlannedResource, month: Month): number {
    const { task, asNeeded } = workOf(definition, month);
    const of = serviceOf(definition, month);
    return of ? Math.max(asNeeded, leastTasks(of, month) * HOURS) : task;
}

function workOf(definition: PlannedResource, month: Month): TaskHours {
    return taskHours(month.amount(definition, "tasks"), loadOf(definition, month));
}

function serviceOf(definition: PlannedResource, { structure }: Month): PlannedResource | undefined {
    return structure
        .ofType("aws:ecs/service:Service")
        .find(({ inputs }) => inputs.taskDefinition === definition.outputs.arn);
}

/** How many tasks a service always has. */
function leastTasks({ inputs }: PlannedResource, { structure }: Month): number {
    const target = structure
        .ofType("aws:appautoscaling/target:Target")
        .find(({ inputs: { resourceId } }) => String(resourceId).endsWith(`/${inputs.name}`));
    return Number(target?.inputs.minCapacity ?? inputs.desiredCount ?? 1);
}

function loadOf(definition: PlannedResource, { structure, assumptions, ...month }: Month): OrderLoad {
    const { cpu, memory, runtimePlatform } = definition.inputs as TaskInputs;
    const of = serviceOf(definition, { structure, assumptions, ...month });
    const { assignPublicIp } = (of?.inputs.networkConfiguration ?? {}) as { readonly assignPublicIp?: boolean };
    const system = structure.systemOf(definition);
    // Tasks that nothing but a function starts: the program says only there whether they have addresses.
    const open = structure
        .ofType("awsx:ec2:Vpc")
        .filter((vpc) => structure.systemOf(vpc) === system)
        .some(({ inputs }) =>
            (inputs.subnetSpecs as readonly Subnet[] | undefined)?.some(({ type }) => type === "Public"),
        );
    return {
        ...DEFAULT_LOAD,
        ...{ cpu: Number(cpu ?? DEFAULT_LOAD.cpu), memory: Number(memory ?? DEFAULT_LOAD.memory) },
        architecture: runtimePlatform?.cpuArchitecture === "ARM64" ? "ARM64" : "X86_64",
        network: (assignPublicIp ?? open) ? "public" : "private",
        ...{ seconds: assumptions.taskSeconds, startSeconds: assumptions.taskStartSeconds },
        ...{ concurrent: assumptions.taskConcurrency, bursts: assumptions.taskBursts },
    };
}

interface TaskInputs {
    readonly cpu?: string;
    readonly memory?: string;
    readonly runtimePlatform?: { readonly cpuArchitecture?: string };
}

interface Subnet {
    readonly type?: string;
}

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** ECS on Fargate, and ECR. */
export const ecs: ServicePricing = {
    priced: {
        [TASK_DEFINITION]: tasks,
        "aws:ecs/service:Service": service,
        "aws:ecs/cluster:Cluster": cluster,
        "aws:ecr/repository:Repository": repository,
    },
    free: [
        "aws:appautoscaling/policy:Policy",
        "aws:appautoscaling/target:Target",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        // Building an image; the repository stores it.
        "awsx:ecr:Image",
    ],
};
