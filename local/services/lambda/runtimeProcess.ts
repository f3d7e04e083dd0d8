import * as childProcess from "node:child_process";
import type { FunctionLog } from "./functionLog";
import { memoryFlags } from "../../processes/memory";
import type { OrphanGuard } from "../../processes/orphans";
import { bootstrapFile } from "./variables";

export interface RuntimeProcessArgs {
    readonly taskRoot: string;
    readonly memoryMb: number;
    /** The process's whole environment. */
    readonly variables: Record<string, string>;
    readonly log: FunctionLog;
    readonly orphans: Pick<OrphanGuard, "watch" | "forget">;
}

/**
 * Starts the process of an environment. Nothing of this process's own options or variables reaches it.
 *
 * @param exited Gets the reason of its end in Lambda's words, once.
 */
export function startRuntimeProcess(
    args: RuntimeProcessArgs,
    exited: (reason: string) => void,
): childProcess.ChildProcess {
    const { log, orphans } = args;
    const child = childProcess.spawn(process.execPath, [...memoryFlags(args.memoryMb), bootstrapFile], {
        cwd: args.taskRoot,
        env: args.variables,
        stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => log.output("stdout", text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => log.output("stderr", text));
    child.once("error", (error) => {
        if (child.pid === undefined) {
            exited(`Runtime failed to start: ${error.message}`);
        }
    });
    const { pid } = child;
    if (pid !== undefined) {
        orphans.watch(pid);
        child.once("exit", (code, signal) => {
            orphans.forget(pid);
            exited(exitReason(code, signal));
        });
    }
    return child;
}

/** As Lambda says it. */
function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
    if (signal !== null) {
        return `Runtime exited with error: signal: ${SIGNALS[signal] ?? signal.slice(3).toLowerCase()}`;
    }
    return code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: exit status ${code}`;
}

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
    SIGKILL: "killed",
    SIGTERM: "terminated",
    SIGABRT: "aborted",
    SIGSEGV: "segmentation fault",
};
