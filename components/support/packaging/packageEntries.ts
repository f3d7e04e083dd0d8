import { createRequire } from "node:module";
import * as path from "node:path";
import type * as esbuild from "esbuild";

/**
 * Resolves `pkg/dist-cjs/index.js` as `pkg` where both are the same file. Pulumi names the file that it found loaded; the
 * package's name lets the bundler choose the ES-module build, which is the one that can be tree-shaken.
 */
export function packageEntries(root: string): esbuild.Plugin {
    const { resolve } = createRequire(path.join(root, "package.json"));
    return {
        name: "package-entries",
        setup(build) {
            const filter = /^(@[^/]+\/)?[^./@][^/]*\/.+\.js$/;
            build.onResolve({ filter, namespace: "file" }, async ({ path: deep, pluginData, ...rest }) => {
                const name = /^(@[^/]+\/)?[^/]+/.exec(deep)![0];
                if (pluginData !== "seen" && rest.importer.startsWith(root) && resolve(name) === resolve(deep)) {
                    return build.resolve(name, { ...rest, pluginData: "seen" });
                }
                return undefined;
            });
        },
    };
}
