import { CAPACITY } from "./capacity";
import type { Registry } from "./registry";
import type { Tasks } from "./tasks";
import type { ServiceDeclaration, Task } from "./types";

/** A declared service at work. */
export interface Service {
    readonly declaration: ServiceDeclaration;
    /** How many tasks it keeps. */
    readonly desiredCount: number;
    /** `ecs-svc/…`, the id of its deployment. */
    readonly deployment: string;
    readonly createdAt: number;
    /** Its tasks that are not on their way out, oldest first. */
    tasks(): readonly Task[];
}

/** Keeps the services' tasks at their counts. */
export interface Scheduler {
    /** Takes the declared services up. A count that was set since stays, until another one is declared. */
    ready(): void;
    /** @param nameOrArn As requests name a service. */
    find(clusterArn: string, nameOrArn: string): Service | undefined;
    /** @throws When there is no such service. */
    setDesiredCount(arn: string, count: number): void;
    /** How many tasks a service keeps; undefined when there is no such service. */
    desiredCount(arn: string): number | undefined;
    /** Takes note of a task that came to its end, of a service or not. */
    stopped(task: Task): void;
    close(): void;
}

export interface SchedulerArgs {
    readonly registry: Registry;
    readonly tasks: Tasks;
    readonly print: (line: string) => void;
    readonly now: () => number;
    /** Waits before tasks that failed are replaced, in milliseconds; the last one repeats. */
    readonly restartDelaysMs: readonly number[];
}

/** A task that ran for so long was no failure to start, in milliseconds; the waits begin anew. */
const STEADY_MS = 10_000;

export function createScheduler({ registry, tasks, print, now, restartDelaysMs }: SchedulerArgs): Scheduler {
    const services = new Map<string, ServiceState>();

    function reconcile(service: ServiceState): void {
        const { declaration } = service;
        const { found: definition } = registry.definition(declaration.definitionArn);
        const { found: cluster } = registry.cluster(declaration.clusterArn);
        const current = tasksOf(declaration).filter((task) => task.definition === definition);
        const reason = `Scaling activity initiated by (deployment ${service.deployment})`;
        tasksOf(declaration)
            .filter((task) => task.definition !== definition)
            .concat(current.slice(service.desiredCount))
            .forEach((task) => tasks.stop(task, "ServiceSchedulerInitiated", reason));
        if (service.timer !== undefined || definition === undefined || cluster === undefined) {
            return;
        }
        const wasStarved = service.starved;
        service.starved = false;
        for (let count = current.length; count < service.desiredCount && !service.starved; count++) {
            const started = tasks.start({
                ...{ cluster, definition, overrides: {} },
                group: `service:${declaration.name}`,
                startedBy: service.deployment,
                subnets: declaration.subnets,
                tags: declaration.tags,
            });
            service.starved = started === undefined;
        }
        if (service.starved && !wasStarved) {
            print(`(service ${declaration.name}) was unable to place a task. Reason: ${CAPACITY}.`);
        }
    }

    /** Replaces a task that failed, later and later. */
    function restartLater(service: ServiceState, { startedAt, stoppedAt }: Task): void {
        if (startedAt !== undefined && stoppedAt !== undefined && stoppedAt - startedAt >= STEADY_MS) {
            service.failures = 0;
        }
        const delay = restartDelaysMs[Math.min(service.failures++, restartDelaysMs.length - 1)];
        service.timer ??= setTimeout(() => {
            service.timer = undefined;
            reconcile(service);
        }, delay).unref();
    }

    function tasksOf({ clusterArn, name }: ServiceDeclaration): Task[] {
        return tasks
            .list()
            .filter(
                ({ cluster, group, desiredStatus }) =>
                    group === `service:${name}` && cluster.arn === clusterArn && desiredStatus === "RUNNING",
            );
    }

    function remove(service: ServiceState): void {
        clearTimeout(service.timer);
        services.delete(service.declaration.arn);
        tasksOf(service.declaration).forEach((task) =>
            tasks.stop(task, "ServiceSchedulerInitiated", "The service was deleted"),
        );
    }

    return {
        ready() {
            const declared = new Map(registry.services().map((declaration) => [declaration.arn, declaration]));
            [...services.values()].filter(({ declaration }) => !declared.has(declaration.arn)).forEach(remove);
            for (const declaration of declared.values()) {
                const before = services.get(declaration.arn);
                const kept = before?.declaration.desiredCount === declaration.desiredCount;
                const service: ServiceState = {
                    deployment: `ecs-svc/${String(now()).padStart(19, "0")}`,
                    createdAt: now(),
                    failures: 0,
                    starved: false,
                    ...before,
                    declaration,
                    desiredCount: kept ? before.desiredCount : declaration.desiredCount,
                    timer: undefined,
                    tasks: () => tasksOf(declaration),
                };
                clearTimeout(before?.timer);
                services.set(declaration.arn, service);
                reconcile(service);
            }
        },
        find(clusterArn, nameOrArn) {
            return [...services.values()].find(
                ({ declaration }) =>
                    declaration.clusterArn === clusterArn &&
                    (declaration.name === nameOrArn || declaration.arn === nameOrArn),
            );
        },
        setDesiredCount(arn, count) {
            const service = services.get(arn);
            if (service === undefined) {
                throw new Error(`There is no service ${arn}.`);
            }
            service.desiredCount = count;
            reconcile(service);
        },
        desiredCount: (arn) => services.get(arn)?.desiredCount,
        stopped(task) {
            for (const service of services.values()) {
                const { name, clusterArn } = service.declaration;
                const own = task.group === `service:${name}` && task.cluster.arn === clusterArn;
                const failed = task.stopCode === "TaskFailedToStart" || task.stopCode === "EssentialContainerExited";
                if (own && failed) {
                    restartLater(service, task);
                } else if (own || service.starved) {
                    reconcile(service);
                }
            }
        },
        close() {
            services.forEach(({ timer }) => clearTimeout(timer));
            services.clear();
        },
    };
}

interface ServiceState extends Service {
    desiredCount: number;
    /** In a row. */
    failures: number;
    /** Whether there was no capacity for a task. */
    starved: boolean;
    /** While it runs, no task is started. */
    timer: NodeJS.Timeout | undefined;
}
