import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Ends a server that a killed run left behind over the same folder. The server would not start beside it; nor where its process id, as it
 * stands in the folder, belongs to another process by now: then the note is removed.
 */
export async function endLeftover(folder: string): Promise<void> {
    const note = path.join(folder, "postmaster.pid");
    if (!fs.existsSync(note)) {
        return;
    }
    const pid = Number(fs.readFileSync(note, "utf8").split("\n")[0]);
    if (!isServerOf(pid, folder)) {
        fs.rmSync(note);
        return;
    }
    process.kill(pid, "SIGQUIT");
    for (let turn = 0; isServerOf(pid, folder); turn++) {
        if (turn === 200) {
            throw new Error(`A PostgreSQL server of an earlier run, process ${pid}, does not end; end it by hand.`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

/** The server works in its own folder: by that, and its name, it is told from another process that got its id. */
function isServerOf(pid: number, folder: string): boolean {
    if (!Number.isInteger(pid) || pid <= 1) {
        return false;
    }
    if (process.platform === "linux") {
        try {
            const name = fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim();
            return name === "postgres" && fs.realpathSync(`/proc/${pid}/cwd`) === fs.realpathSync(folder);
        } catch {
            return false;
        }
    }
    const { stdout } = childProcess.spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return stdout.includes(`postgres -D ${folder} `);
}
