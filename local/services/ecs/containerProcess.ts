import * as childProcess from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { memoryFlags } from "../../processes/memory";
import type { OrphanGuard } from "../../processes/orphans";
import type { MemoryWatch } from "./memoryWatch";
import type { ContainerLog } from "./taskLog";
import type { TaskContainer } from "./types";

/** How a container ended. */
export interface ContainerExit {
    readonly exitCode: number;
    readonly reason?: string;
}

export interface ContainerProcess {
    /** Sends SIGTERM, and SIGKILL when it still runs after so many milliseconds. Called again, it can only shorten the time. */
    stop(graceMs: number): void;
    readonly exited: Promise<ContainerExit>;
}

export interface ContainerArgs {
    readonly container: TaskContainer;
    /** Absolute path of the program. */
    readonly entry: string;
    readonly memoryMb: number;
    readonly temporary: string;
    /** The process's whole environment. */
    readonly variables: Record<string, string>;
    readonly log: ContainerLog | undefined;
    readonly orphans: Pick<OrphanGuard, "watch" | "forget">;
    readonly memory: MemoryWatch;
}

/**
 * Starts a container's program in a process of its own, which leads a group, so that its own children end with it, as a container's do.
 *
 * @throws With ECS's reason, when the process cannot be started.
 */
export async function startContainer(args: ContainerArgs): Promise<ContainerProcess> {
    const { container, entry, log } = args;
    const command = container.override?.command ?? container.definition.command;
    const child = childProcess.spawn(process.execPath, [...flags(args), entry, ...command], {
        cwd: path.dirname(entry),
        env: args.variables,
        stdio: ["ignore", log ? "pipe" : "ignore", log ? "pipe" : "ignore"],
        detached: GROUPS,
    });
    await new Promise<void>((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", (error) => reject(new Error(`CannotStartContainerError: ${error.message}`)));
    });
    return control(child, args);
}

/** Windows has no process groups. */
const GROUPS = process.platform !== "win32";

/** A process that may write nothing but its volume has Node's permission model, which then must allow all else. */
function flags({ container: { definition }, memoryMb, temporary }: ContainerArgs): string[] {
    if (!definition.readonlyRootFilesystem) {
        return memoryFlags(memoryMb);
    }
    return [
        ...memoryFlags(memoryMb),
        ...["--permission", "--disable-warning=SecurityWarning", "--allow-fs-read=*"],
        ...["--allow-child-process", "--allow-worker", "--allow-addons", "--allow-wasi"],
        ...(definition.writableVolume ? [`--allow-fs-write=${path.join(temporary, "*")}`] : []),
    ];
}

function control(child: childProcess.ChildProcess, args: ContainerArgs): ContainerProcess {
    const { log, orphans, memory } = args;
    const pid = child.pid!;
    // The guard's `kill` takes a negative id for a group.
    const guarded = GROUPS ? -pid : pid;
    let reason: string | undefined;
    let killAt = Infinity;
    let killTimer: NodeJS.Timeout | undefined;
    orphans.watch(guarded);
    const unwatch = memory.watch(pid, args.memoryMb, () => {
        reason = "OutOfMemoryError: Container killed due to memory usage";
        killAll(guarded);
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => log?.output("stdout", text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => log?.output("stderr", text));
    child.once("exit", () => {
        clearTimeout(killTimer);
        unwatch();
        if (GROUPS) {
            killAll(guarded);
        }
        orphans.forget(guarded);
    });
    return {
        stop(graceMs) {
            if (child.exitCode !== null || child.signalCode !== null) {
                return;
            }
            if (killTimer === undefined) {
                child.kill("SIGTERM");
            }
            if (Date.now() + graceMs < killAt) {
                clearTimeout(killTimer);
                killAt = Date.now() + graceMs;
                killTimer = setTimeout(() => killAll(guarded), graceMs);
            }
        },
        // `close` comes when the output has been read, too.
        exited: new Promise((resolve) => {
            child.once("close", (code, signal) => {
                log?.end();
                const exitCode = code ?? 128 + os.constants.signals[signal!];
                resolve({ exitCode, ...(reason === undefined ? {} : { reason }) });
            });
        }),
    };
}

/** A group stays when its leader ended; when nobody is left in it, which macOS tells by EPERM, there is nothing to do. */
function killAll(guarded: number): void {
    try {
        process.kill(guarded, "SIGKILL");
    } catch (error) {
        if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) {
            throw error;
        }
    }
}
