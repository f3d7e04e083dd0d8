import * as fs from "node:fs";
import * as path from "node:path";
import { describeTask, eventTime } from "./description";
import type { Task } from "./types";

/** A task as the event of its latest state tells of it. */
export type TaskDetail = Readonly<Record<string, unknown>>;

/** Tasks whose end has not been told yet, on disk: what a run leaves unfinished, the next one tells. */
export interface TaskFiles {
    save(task: Task): void;
    remove(task: Pick<Task, "id">): void;
    /** What former runs left, oldest first, each as STOPPED. Their files are gone after `told`. */
    leftovers(now: number): readonly { readonly detail: TaskDetail; told(): void }[];
}

/** @param folder Made when it does not exist; used by one process at a time. */
export function createTaskFiles(folder: string): TaskFiles {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const fileOf = (id: string) => path.join(folder, `${id}.json`);
    return {
        save(task) {
            const file = fileOf(task.id);
            // Overrides may hold what is nobody else's business.
            fs.writeFileSync(`${file}.new`, JSON.stringify(describeTask(task, eventTime)), { mode: 0o600 });
            fs.renameSync(`${file}.new`, file);
        },
        remove: ({ id }) => fs.rmSync(fileOf(id), { force: true }),
        leftovers(now) {
            return fs
                .readdirSync(folder)
                .filter((name) => name.endsWith(".json"))
                .map((name) => path.join(folder, name))
                .map((file) => ({ file, detail: JSON.parse(fs.readFileSync(file, "utf8")) as TaskDetail }))
                .sort((one, other) => String(one.detail.createdAt).localeCompare(String(other.detail.createdAt)))
                .map(({ file, detail }) => ({ detail: stopped(detail, now), told: () => fs.rmSync(file) }));
        },
    };
}

/** A task that still ran when its run was killed was killed with it. */
function stopped(detail: TaskDetail, now: number): TaskDetail {
    if (detail.lastStatus === "STOPPED") {
        return detail;
    }
    const containers = detail.containers as readonly TaskDetail[];
    return {
        stopCode: "TerminationNotice",
        stoppedReason: "The local run ended while the task ran.",
        stoppingAt: eventTime(now),
        ...detail,
        containers: containers.map((container) => ({
            ...container,
            lastStatus: "STOPPED",
            ...(container.lastStatus === "RUNNING" ? { exitCode: 137 } : {}),
        })),
        lastStatus: "STOPPED",
        desiredStatus: "STOPPED",
        stoppedAt: eventTime(now),
        updatedAt: eventTime(now),
        version: Number(detail.version) + 1,
    };
}
