import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Binaries } from "./binaries";

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

/**
 * Binaries that the account can reach: a copy, made once, where a folder above them is closed to others, such as root's home.
 *
 * @param print Says that a copy is made.
 */
export function reachableBinaries(binaries: Binaries, account: Account, print: (line: string) => void): Binaries {
    if (account.uid === undefined || isOpen(binaries.bin)) {
        return binaries;
    }
    const native = path.dirname(binaries.bin);
    const { mtimeMs } = fs.statSync(path.join(binaries.bin, "postgres"));
    const copy = path.join(os.tmpdir(), `quartet-postgres-${process.getuid?.()}-${Math.floor(mtimeMs)}`);
    if (!fs.existsSync(copy)) {
        print(`PostgreSQL can't run as root, and others can't reach ${native}: copying it to ${copy}.`);
        const whole = fs.mkdtempSync(`${copy}-`);
        fs.cpSync(native, whole, { recursive: true });
        fs.chmodSync(whole, 0o755);
        fs.renameSync(whole, copy);
    } else if (fs.lstatSync(copy).uid !== process.getuid?.()) {
        throw new Error(`${copy} belongs to somebody else; remove it.`);
    }
    const moved = (file: string) => path.join(copy, path.relative(native, file));
    return { bin: moved(binaries.bin), links: binaries.links.map(({ name, file }) => ({ name, file: moved(file) })) };
}

/** Whether everybody may enter a folder and all above it. */
function isOpen(folder: string): boolean {
    const open = (fs.statSync(folder).mode & 0o005) === 0o005 || (fs.statSync(folder).mode & 0o001) === 0o001;
    const parent = path.dirname(folder);
    return open && (parent === folder || isOpen(parent));
}
