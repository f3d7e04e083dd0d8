import * as fs from "node:fs";
import * as path from "node:path";

/** Process id of the engine over a folder, as its starter noted it; undefined when none was started. */
export function notedPid(folder: string): number | undefined {
    try {
        const pid = Number(fs.readFileSync(path.join(folder, PID_FILE), "utf8"));
        return Number.isInteger(pid) && pid > 1 ? pid : undefined;
    } catch {
        return undefined;
    }
}

/** Ends an engine that a killed run left behind over the same folder: two would write the same file. */
export async function endLeftover(folder: string): Promise<void> {
    const pid = notedPid(folder);
    if (pid === undefined || !worksIn(pid, folder)) {
        return;
    }
    process.kill(pid, "SIGKILL");
    for (let turn = 0; worksIn(pid, folder); turn++) {
        if (turn === 200) {
            throw new Error(`An engine of DynamoDB of an earlier run, process ${pid}, does not end; end it by hand.`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

/** In the engine's folder. */
export const PID_FILE = "engine.pid";

/** The engine works in its own folder: by that it is told from another process that got its id. */
function worksIn(pid: number, folder: string): boolean {
    try {
        return fs.realpathSync(`/proc/${pid}/cwd`) === fs.realpathSync(folder);
    } catch {
        return false;
    }
}
