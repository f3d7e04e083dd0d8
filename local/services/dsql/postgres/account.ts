import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Who runs the server. PostgreSQL refuses to run as root; then it runs as `nobody`, who owns its data and can't read the rest.
 */
export interface Account {
    readonly uid?: number;
    readonly gid?: number;
}

const NOBODY = 65_534;

/** The account for a server started by this process. */
export function serverAccount(): Account {
    return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Hands a folder to the server, with all that is in it, and closes it to others. */
export function handOver(folder: string, { uid, gid }: Account): void {
    fs.chmodSync(folder, 0o700);
    if (uid === undefined || gid === undefined || fs.statSync(folder).uid === uid) {
        return;
    }
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        fs.lchownSync(path.join(folder, name), uid, gid);
    }
    fs.chownSync(folder, uid, gid);
}
