import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Keeps a second local run away from the same state.
 *
 * @returns Gives the state free again.
 * @throws When a running process holds it, naming the process and the ways out.
 */
export function lockState(state: string, stack: string): () => void {
    const file = `${state}.pid`;
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const holder = readHolder(file);
    if (holder !== undefined && isRunning(holder)) {
        throw new Error(
            `The stack ${stack} runs already, as process ${holder}: end that one first, or start another stack with --stack. ` +
                `If process ${holder} is something else, delete ${path.relative(process.cwd(), file)}.`,
        );
    }
    fs.writeFileSync(file, String(process.pid));
    return () => fs.rmSync(file, { force: true });
}

/** True when a process of this id exists. */
export function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}

function readHolder(file: string): number | undefined {
    const pid = fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : NaN;
    return Number.isInteger(pid) && pid !== process.pid ? pid : undefined;
}
