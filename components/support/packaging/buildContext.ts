import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/**
 * The files that a Docker build of a folder is sent: those that its `.dockerignore` lets in.
 *
 * @returns Sorted paths, relative to the folder, with slashes.
 * @throws When `.dockerignore` is more than a list of exceptions (`!path`) from everything (`*`), or excepts what is not there.
 */
export function contextFiles(folder: string): string[] {
    const [everything, ...exceptions] = fs
        .readFileSync(path.join(folder, ".dockerignore"), "utf8")
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "" && !line.startsWith("#"));
    if (everything !== "*" || !exceptions.every((line) => /^![\w./-]+$/.test(line))) {
        throw new Error(".dockerignore must say * and then, line by line, !path for what a build needs");
    }
    return exceptions.flatMap((line) => filesBelow(folder, line.slice(1))).sort();
}

/**
 * A hash of the content of a folder's Docker build. It differs wherever Pulumi's docker-build builds again: by names, contents and modes
 * of the files sent, and by the Dockerfile.
 *
 * Source: `hashBuildContext` of pulumi-docker-build.
 */
export function contextHash(folder: string): string {
    const hash = crypto.createHash("sha256");
    for (const file of ["Dockerfile", ...contextFiles(folder)]) {
        const whole = path.join(folder, file);
        hash.update(`\0${file}\0${fs.statSync(whole).mode}\0`).update(fs.readFileSync(whole));
    }
    return hash.digest("hex");
}

function filesBelow(folder: string, file: string): string[] {
    const whole = path.join(folder, file);
    return fs.statSync(whole).isDirectory()
        ? fs.readdirSync(whole).flatMap((name) => filesBelow(folder, `${file}/${name}`))
        : [file];
}
