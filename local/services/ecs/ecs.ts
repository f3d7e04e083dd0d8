import type { CredentialStore } from "../../gateway/credentials";
import type { AwsApi, ResourceProvider } from "../../gateway/types";
import type { RoleStore } from "../../iam/roles";
import type { Authorizer } from "../../iam/types";
import type { Events } from "../events/events";
import type { LogSink } from "../logs/types";
import type { EcsEnvironment } from "./environment";
import { operationOf } from "./operations/operations";
import { readRequest, sendJson, writeEcsError } from "./protocol";
import { createRegistry } from "./registry";
import { createScheduler } from "./scheduler";
import { createStartedTasks } from "./startedTasks";
import { createTasks } from "./tasks";

/** What {@link createEcs} needs. */
export interface EcsOptions {
    /** Folder of the local run; its `ecs` is made and used here. One process at a time may use it. */
    readonly dataDir: string;
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    /** Makes the sessions of task roles. */
    readonly credentials: Pick<CredentialStore, "issue">;
    readonly logs: LogSink;
    /** URL of the AWS APIs; asked for at each start of a task. */
    readonly endpoint: () => string;
    /** Rewrites the URLs in values of environment variables to those of this machine. */
    readonly localise: (value: string) => string;
    /** Variables that every container gets besides its own; asked for at each start of a task. @default - none */
    readonly addedVariables?: () => Readonly<Record<string, string>>;
    /** Gets "ECS Task State Change" events. Its rules must hold before `ready` of ECS, which tells what a former run left. */
    readonly events: Pick<Events, "putEvent">;
    readonly roles: Pick<RoleStore, "find">;
    /** Tells the user something. */
    readonly print: (line: string) => void;
    /** Milliseconds since 1970. @default the clock */
    readonly now?: () => number;
    /** The project's folder, which the docker labels `quartet.local.entry` are relative to. @default the working directory */
    readonly folder?: string;
    /** Tasks that live at the same time; more find no capacity. @default 1000 */
    readonly maxTasks?: number;
    /** Tasks of no service whose processes run at the same time; the others wait in PENDING. @default 16 */
    readonly maxRunning?: number;
    /** Waits before a service replaces tasks that failed, in milliseconds; the last one repeats. @default 1 s, doubled up to 1 minute */
    readonly restartDelaysMs?: readonly number[];
}

/** ECS of the local run: tasks on Fargate, each container a process of this machine's Node. */
export interface Ecs extends AwsApi, ResourceProvider {
    /**
     * Keeps so many tasks of a service, as scaling does.
     *
     * @throws When there is no such service.
     */
    setDesiredCount(serviceArn: string, count: number): void;
    /** How many tasks a service is to have; undefined when there is no such service. */
    desiredCount(serviceArn: string): number | undefined;
    /** Ends all tasks within a second, by SIGTERM and then SIGKILL; the next run sends the events of their end. */
    close(): Promise<void>;
}

/**
 * Makes ECS. What is applied takes effect in `ready`, all at once; then services start their tasks. How a container runs here says
 * `readContainers` in containerDefinitions.ts.
 */
export function createEcs(options: EcsOptions): Ecs {
    const { account, region, print, now = Date.now, restartDelaysMs = RESTART_DELAYS_MS } = options;
    const registry = createRegistry(account, region);
    const tasks = createTasks({ ...options, stopped: (task) => scheduler.stopped(task) });
    const scheduler = createScheduler({ registry, tasks, print, now, restartDelaysMs });
    const { authorizer, roles } = options;
    const environment: EcsEnvironment = {
        ...{ account, region, authorizer, roles, registry, tasks, scheduler },
        started: createStartedTasks(now),
    };
    return {
        signingName: "ecs",
        apply: registry.apply,
        ready() {
            registry.ready();
            tasks.tellLeftovers();
            scheduler.ready();
        },
        setDesiredCount: (serviceArn, count) => scheduler.setDesiredCount(serviceArn, count),
        desiredCount: (serviceArn) => scheduler.desiredCount(serviceArn),
        async handle(call, response) {
            const { principal, requestId } = call;
            const { operation, input } = await readRequest(call);
            const output = operationOf(operation)({ environment, principal, requestId, input });
            sendJson(response, 200, requestId, output);
        },
        writeError: writeEcsError,
        async close() {
            scheduler.close();
            await tasks.close();
        },
    };
}

const RESTART_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];
