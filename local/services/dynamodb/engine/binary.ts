import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Finds the engine that the npm package of this machine holds.
 *
 * @throws When there is no package for this machine, or it was not installed; names the package, and the way out.
 */
export function findEngine(platform: string = process.platform, arch: string = process.arch): string {
    const name = `@dynoxide/${platform}-${arch}`;
    try {
        const folder = path.dirname(require.resolve(`${name}/package.json`));
        const file = path.join(folder, platform === "win32" ? "dynoxide.exe" : "dynoxide");
        fs.accessSync(file, fs.constants.X_OK);
        return file;
    } catch {
        throw new Error(
            `DynamoDB's engine for this machine is missing: the npm package ${name} is not installed. On linux-x64 run npm ci without ` +
                `--omit=optional; elsewhere install it beside the others: npm i --no-save ${name}@${VERSION}.`,
        );
    }
}

/** The one that this was written for; as in package.json. */
const VERSION = "1.2.1";
