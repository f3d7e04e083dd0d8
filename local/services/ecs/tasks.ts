import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Events } from "../events/events";
import { createOrphanGuard } from "../../processes/orphans";
import { createAgent } from "./agent";
import { describeTask, eventTime } from "./description";
import type { EcsOptions } from "./ecs";
import { startLife, type Life } from "./life";
import { createMemoryWatch } from "./memoryWatch";
import { createSlots } from "./slots";
import { createTaskFiles, type TaskDetail } from "./taskFiles";
import type { StopCode, Task, TaskRequest } from "./types";

/** The tasks of this run: those that live, and those that stopped within the last hour. */
export interface Tasks {
    /** Starts a task; undefined when there is no capacity for it. */
    start(request: TaskRequest): Task | undefined;
    /** Does nothing when it stops already. */
    stop(task: Task, code: StopCode, reason: string): void;
    /** @param idOrArn As requests name a task. */
    find(clusterArn: string, idOrArn: string): Task | undefined;
    /** Oldest first. */
    list(): readonly Task[];
    /** Tells the ends of tasks that former runs left. */
    tellLeftovers(): void;
    /** Ends all within a second; the next run tells of it. */
    close(): Promise<void>;
}

/** How long a stopped task can be described, in milliseconds. Source: ECS API Reference, DescribeTasks. */
const REMEMBERED_MS = 3_600_000;

/** What a task has at the end of the run, in milliseconds. */
const GRACE_MS = 1_000;

/** @param stopped Called when a task has come to its end, except at the end of the run. */
export function createTasks(options: EcsOptions & { readonly stopped: (task: Task) => void }): Tasks {
    const { account, region, print, now = Date.now, maxTasks = 1_000, maxRunning = 16 } = options;
    const folder = path.join(options.dataDir, "ecs");
    const temporary = path.join(folder, "tmp");
    fs.rmSync(temporary, { recursive: true, force: true });
    const files = createTaskFiles(path.join(folder, "tasks"));
    const orphans = createOrphanGuard();
    const agent = createAgent(options.credentials, now);
    const memory = createMemoryWatch(print);
    const slots = createSlots(maxRunning);
    const all = new Map<string, Task>();
    const lives = new Map<Task, Pick<Life, "stop"> & { readonly ended: Promise<void> }>();
    let closing = false;

    /** A full disk must not keep a task from its end. */
    function save(task: Task): void {
        try {
            files.save(task);
        } catch (error) {
            print(`The state of task ${task.arn} was not saved: ${(error as Error).message}`);
        }
    }

    function changed(task: Task): void {
        save(task);
        // At the end of the run nobody listens any more.
        if (closing) {
            return;
        }
        tell(options.events, describeTask(task, eventTime), task.updatedAt);
        if (task.lastStatus === "STOPPED") {
            files.remove(task);
        }
    }

    function live(task: Task): void {
        const life = startLife(task, {
            ...{ ...options, orphans, agent, memory, temporary, now, changed },
            folder: options.folder ?? process.cwd(),
            // A service's tasks stay: others would wait for ever.
            slot: task.group.startsWith("service:") ? undefined : slots(),
            addedVariables: options.addedVariables ?? (() => ({})),
        });
        const ended = life.ended
            .catch((error: Error) => print(`Task ${task.arn} was lost: ${error.message}`))
            .then(() => {
                lives.delete(task);
                if (!closing) {
                    options.stopped(task);
                }
            });
        lives.set(task, { stop: life.stop, ended });
    }

    return {
        start(request) {
            if (closing || lives.size >= maxTasks) {
                return undefined;
            }
            forgetOld(all, now() - REMEMBERED_MS);
            const task = createTask(request, `arn:aws:ecs:${region}:${account}:`, now());
            all.set(task.arn, task);
            files.save(task);
            live(task);
            return task;
        },
        stop: (task, code, reason) => lives.get(task)?.stop(code, reason),
        find(clusterArn, idOrArn) {
            const name = clusterArn.slice(clusterArn.lastIndexOf("/") + 1);
            const arn = idOrArn.startsWith("arn:")
                ? idOrArn
                : `arn:aws:ecs:${region}:${account}:task/${name}/${idOrArn}`;
            const task = all.get(arn);
            return task?.cluster.arn === clusterArn ? task : undefined;
        },
        list: () => [...all.values()],
        tellLeftovers() {
            for (const { detail, told } of files.leftovers(now())) {
                if (!all.has(String(detail.taskArn))) {
                    tell(options.events, detail, now());
                    told();
                }
            }
        },
        async close() {
            closing = true;
            lives.forEach((life) => life.stop("TerminationNotice", "The local run ended.", GRACE_MS));
            await Promise.all([...lives.values()].map(({ ended }) => ended));
            await Promise.all([agent.close(), orphans.close()]);
        },
    };
}

function createTask(request: TaskRequest, prefix: string, now: number): Task {
    const id = crypto.randomBytes(16).toString("hex");
    const { cluster, definition, overrides } = request;
    return {
        ...request,
        id,
        arn: `${prefix}task/${cluster.name}/${id}`,
        containers: definition.containers.map((container) => ({
            definition: container,
            override: overrides.containerOverrides?.find(({ name }) => name === container.name),
            arn: `${prefix}container/${cluster.name}/${id}/${crypto.randomUUID()}`,
            runtimeId: `${id}-${crypto.randomInt(1_000_000_000, 4_000_000_000)}`,
            lastStatus: "PENDING",
        })),
        createdAt: now,
        updatedAt: now,
        lastStatus: "PROVISIONING",
        desiredStatus: "RUNNING",
        version: 0,
    };
}

function tell(events: Pick<Events, "putEvent">, detail: TaskDetail, time: number): void {
    events.putEvent({
        source: "aws.ecs",
        "detail-type": "ECS Task State Change",
        resources: [String(detail.taskArn)],
        time: new Date(time),
        detail,
    });
}

function forgetOld(all: Map<string, Task>, before: number): void {
    for (const [arn, { stoppedAt }] of all) {
        if (stoppedAt !== undefined && stoppedAt < before) {
            all.delete(arn);
        }
    }
}
