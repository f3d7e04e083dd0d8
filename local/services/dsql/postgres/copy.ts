import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Account } from "./account";
import type { Binaries } from "./binaries";

/**
 * Binaries that the account can run. They are copied, once for each version, where a folder above them is closed to others, such as root's
 * home; and on macOS where links to libraries are missing: its `/bin/sh`, by which `initdb` runs the server, drops the variable that would
 * name another folder of them.
 *
 * @param print Says that a copy is made.
 * @throws When somebody else's folder has the copy's place.
 */
export function runnableBinaries(binaries: Binaries, account: Account, print: (line: string) => void): Binaries {
    const closed = account.uid !== undefined && !isOpen(binaries.bin);
    if (!closed && (process.platform !== "darwin" || isLinked(binaries))) {
        return binaries;
    }
    const native = path.dirname(binaries.bin);
    const copy = path.join(os.tmpdir(), `quartet-postgres-${binaries.version}-${process.getuid?.()}`);
    const copied = { ...binaries, bin: path.join(copy, "bin"), links: [] };
    if (isWhole(copy, binaries)) {
        return copied;
    }
    print(`PostgreSQL can't be run from ${native}: copying it to ${copy}.`);
    const fresh = fs.mkdtempSync(`${copy}-`);
    try {
        copyTo(fresh, binaries);
        // A copy that is not whole, as the system may leave it that tidies this folder.
        fs.rmSync(copy, { recursive: true, force: true });
        fs.renameSync(fresh, copy);
    } catch (error) {
        fs.rmSync(fresh, { recursive: true, force: true });
        // Another run may have been quicker.
        if (!isWhole(copy, binaries)) throw error;
    }
    return copied;
}

/** Whether everybody may enter a folder and all above it. */
function isOpen(folder: string): boolean {
    const parent = path.dirname(folder);
    return (fs.statSync(folder).mode & 0o001) !== 0 && (parent === folder || isOpen(parent));
}

function isLinked({ bin, links }: Binaries): boolean {
    return links.every(({ name }) => fs.existsSync(path.join(bin, "../lib", name)));
}

/** Whether a copy is there with all its files. */
function isWhole(copy: string, { bin, links }: Binaries): boolean {
    const stats = fs.lstatSync(copy, { throwIfNoEntry: false });
    if (stats === undefined) {
        return false;
    }
    if (!stats.isDirectory() || stats.uid !== process.getuid?.()) {
        throw new Error(`${copy} is somebody else's, and PostgreSQL is to be copied there; remove it.`);
    }
    const files = new Set(namesIn(copy));
    return [...namesIn(path.dirname(bin)), ...links.map(({ name }) => path.join("lib", name))].every((name) =>
        files.has(name),
    );
}

function copyTo(folder: string, { bin, links }: Binaries): void {
    fs.cpSync(path.dirname(bin), folder, { recursive: true, verbatimSymlinks: true });
    for (const { name, file } of links) {
        const link = path.join(folder, "lib", name);
        if (!fs.existsSync(link)) {
            fs.symlinkSync(path.basename(file), link);
        }
    }
    // Whatever the installation's modes are, others must read and enter.
    for (const name of ["", ...namesIn(folder)]) {
        const file = path.join(folder, name);
        const stats = fs.lstatSync(file);
        if (!stats.isSymbolicLink()) {
            fs.chmodSync(file, (stats.mode & 0o100) !== 0 ? 0o755 : 0o644);
        }
    }
}

function namesIn(folder: string): string[] {
    return fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
}
