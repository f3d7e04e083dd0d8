import { MB, residentMemory } from "../../processes/memory";

/** Kills processes that hold more memory than they may. */
export interface MemoryWatch {
    /**
     * @param over Called once, when the limit is passed.
     * @returns Ends the watching.
     */
    watch(pid: number, limitMb: number, over: () => void): () => void;
}

/** Processes are looked at this often, in milliseconds; a limit may be passed for so long. */
const WATCH_MS = 100;

/** @param print Tells the user when this machine does not say how much memory a process has. */
export function createMemoryWatch(print: (line: string) => void): MemoryWatch {
    const watched = new Map<number, { readonly limitMb: number; readonly over: () => void }>();
    let timer: NodeJS.Timeout | undefined;

    async function look(): Promise<void> {
        const memory = await residentMemory([...watched.keys()]);
        for (const [pid, bytes] of memory) {
            const process = watched.get(pid);
            if (process !== undefined && bytes > process.limitMb * MB) {
                watched.delete(pid);
                process.over();
            }
        }
    }

    return {
        watch(pid, limitMb, over) {
            watched.set(pid, { limitMb, over });
            timer ??= setInterval(() => {
                look().catch((error: Error) => {
                    clearInterval(timer);
                    print(`The memory of tasks is not limited: ${error.message}`);
                });
            }, WATCH_MS).unref();
            return () => {
                watched.delete(pid);
                if (watched.size === 0) {
                    clearInterval(timer);
                    timer = undefined;
                }
            };
        },
    };
}
