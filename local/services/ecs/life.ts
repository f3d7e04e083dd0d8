import * as fs from "node:fs";
import * as path from "node:path";
import type { Agent, AgentPlace } from "./agent";
import { startContainer, type ContainerArgs, type ContainerProcess } from "./containerProcess";
import type { Slot } from "./slots";
import { openContainerLog, type TaskLogArgs } from "./taskLog";
import { taskMemoryMb, type StopCode, type Task, type TaskContainer } from "./types";
import { containerVariables, type VariablesArgs } from "./variables";

/** A task that was started. */
export interface Life {
    /** Ends its containers, each within its stopTimeout or the time given, in milliseconds. The first cause stays. */
    stop(code: StopCode, reason: string, graceMs?: number): void;
    /** Resolves when no process is left. */
    readonly ended: Promise<void>;
}

export interface LifeParts extends TaskLogArgs, Pick<ContainerArgs, "orphans" | "memory"> {
    readonly agent: Agent;
    /** The project's folder: entries are relative to it. */
    readonly folder: string;
    /** Folder for the task's own folder of temporary files. */
    readonly temporary: string;
    readonly endpoint: () => string;
    readonly localise: VariablesArgs["localise"];
    readonly addedVariables: () => VariablesArgs["added"];
    readonly now: () => number;
    /** Where it has to wait for others' end, so that this machine is not overrun. @default - it does not wait */
    readonly slot?: Slot;
    /** Called after each change of state. */
    readonly changed: (task: Task) => void;
}

/** Runs a task from PROVISIONING to STOPPED; the record tells how far it came. */
export function startLife(task: Task, parts: LifeParts): Life {
    const { now } = parts;
    const temporary = path.join(parts.temporary, task.id);
    const processes = new Map<TaskContainer, ContainerProcess>();
    let shortestMs = Infinity;
    let wake: () => void;
    const stopped = new Promise<void>((resolve) => (wake = resolve));

    function change(members: Partial<Task>): void {
        Object.assign(task, members, { version: task.version + 1, updatedAt: now() });
        parts.changed(task);
    }

    /** @returns whether this is the first cause. */
    function begin(stopCode: StopCode, stoppedReason: string): boolean {
        if (task.desiredStatus === "STOPPED") {
            return false;
        }
        Object.assign(task, { desiredStatus: "STOPPED", stopCode, stoppedReason, stoppingAt: now() });
        return true;
    }

    function endProcesses(): void {
        for (const [{ definition }, process] of processes) {
            process.stop(Math.min(shortestMs, definition.stopTimeoutSeconds * 1000));
        }
    }

    async function launch(place: AgentPlace): Promise<void> {
        task.pullStartedAt = now();
        const programs = task.containers.map((container) => ({
            container,
            entry: entryOf(parts.folder, container),
            log: openContainerLog(parts, task, container),
        }));
        task.pullStoppedAt = now();
        fs.mkdirSync(temporary, { recursive: true, mode: 0o700 });
        for (const program of programs) {
            const { container } = program;
            const { region } = parts;
            const variables = containerVariables({
                ...{ container, place, temporary, region },
                endpoint: parts.endpoint(),
                localise: parts.localise,
                added: parts.addedVariables(),
            });
            const { definition, override } = container;
            const memoryMb = override?.memory ?? definition.memoryMb ?? taskMemoryMb(task);
            processes.set(container, await startContainer({ ...parts, ...program, memoryMb, temporary, variables }));
            container.lastStatus = "RUNNING";
            if (task.desiredStatus === "STOPPED") {
                endProcesses();
                return;
            }
        }
    }

    async function awaitExit(container: TaskContainer): Promise<void> {
        const exit = await processes.get(container)?.exited;
        Object.assign(container, { lastStatus: "STOPPED" }, exit);
        const others = task.containers.some(({ lastStatus }) => lastStatus === "RUNNING");
        if (container.definition.essential && begin("EssentialContainerExited", "Essential container in task exited")) {
            endProcesses();
        }
        if (others) {
            change({});
        }
    }

    async function run(): Promise<void> {
        // Whoever started it gets the answer first.
        await new Promise((resolve) => setImmediate(resolve));
        change({});
        try {
            const place = await parts.agent.register(task);
            if (task.desiredStatus === "RUNNING") {
                change({ lastStatus: "PENDING" });
                await Promise.race([parts.slot?.free, stopped]);
            }
            if (task.desiredStatus === "RUNNING") {
                await launch(place);
            }
        } catch (error) {
            const reason = (error as Error).message;
            begin("TaskFailedToStart", reason);
            task.containers.forEach((container) => (container.reason = reason));
            endProcesses();
        }
        if (task.desiredStatus === "RUNNING") {
            change({ lastStatus: "RUNNING", startedAt: now() });
        }
        await Promise.all(task.containers.map(awaitExit));
        parts.agent.forget(task);
        await fs.promises.rm(temporary, { recursive: true, force: true });
        parts.slot?.leave();
        change({ lastStatus: "STOPPED", stoppedAt: now(), ...(task.startedAt && { executionStoppedAt: now() }) });
    }

    return {
        stop(code, reason, graceMs = Infinity) {
            shortestMs = Math.min(shortestMs, graceMs);
            const first = begin(code, reason);
            if (first && task.lastStatus === "RUNNING") {
                change({});
            }
            endProcesses();
            wake();
        },
        ended: run(),
    };
}

/** @throws With ECS's reason, when nothing stands for the image. */
function entryOf(folder: string, { definition: { entry, image } }: TaskContainer): string {
    if (entry === undefined) {
        throw cannotPull(
            image,
            "the local run pulls no images, and no docker label quartet.local.entry says what to run",
        );
    }
    const file = path.resolve(folder, entry);
    if (!fs.existsSync(file)) {
        throw cannotPull(image, `${file}, named by the docker label quartet.local.entry, does not exist`);
    }
    return file;
}

function cannotPull(image: string, reason: string): Error {
    return new Error(`CannotPullContainerError: pull image manifest has been retried 1 time(s): ${image}: ${reason}`);
}
