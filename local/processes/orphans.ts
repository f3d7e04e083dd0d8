import * as childProcess from "node:child_process";

/** Sees to it that no process outlives this one, however this one ends. */
export interface OrphanGuard {
    watch(pid: number): void;
    forget(pid: number): void;
    /** Ends the guard itself. */
    close(): Promise<void>;
}

/**
 * Kills the watched processes when this process is gone. A runtime ends by itself when its connection does; but a handler that
 * never yields does not notice, and nobody is left to time it out.
 *
 * The guard is a shell that reads process ids from a pipe, whose end the kernel closes with this process. Windows has no such
 * shell; there a handler that never yields would stay.
 */
export function createOrphanGuard(): OrphanGuard {
    let shell: childProcess.ChildProcess | undefined;
    const tell = (line: string) => {
        if (process.platform !== "win32") {
            shell ??= startShell();
            shell.stdin!.write(line);
        }
    };
    return {
        watch: (pid) => tell(`+ ${pid}\n`),
        forget: (pid) => tell(`- ${pid}\n`),
        close() {
            const ending = shell;
            shell = undefined;
            return new Promise((resolve) => {
                if (ending === undefined || ending.exitCode !== null) {
                    resolve();
                    return;
                }
                ending.once("exit", () => resolve());
                ending.stdin!.end();
            });
        },
    };
}

const SCRIPT = `
trap '' INT TERM HUP
pids=' '
while read -r what pid; do
    case $what in
        +) pids="$pids$pid " ;;
        -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
    esac
done
for pid in $pids; do kill -9 "$pid"; done
`;

function startShell(): childProcess.ChildProcess {
    const shell = childProcess.spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], env: {} });
    // Without a guard the rest works; when it is gone, its pipe must not end this process.
    shell.on("error", (error) =>
        process.emitWarning(`Functions are not guarded against the end of this process: ${error.message}`),
    );
    shell.stdin.on("error", (error) => process.emitWarning(`Functions are no longer guarded: ${error.message}`));
    shell.unref();
    return shell;
}
