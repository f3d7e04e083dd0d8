import * as crypto from "node:crypto";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as esbuild from "esbuild";
import { importNameClashes } from "./packaging/importNames";
import { leanSdk } from "./packaging/leanSdk";
import { packageEntries } from "./packaging/packageEntries";
import { toModule } from "./packaging/toModule";

/** One deployable file made from a handler factory. */
export interface Bundle {
    /** The text of `index.js`, a CommonJS module that exports `handler`. */
    readonly code: string;
    /** Hex SHA-256 of {@link code}. */
    readonly sha256: string;
    /** Size of {@link code} in bytes. */
    readonly bytes: number;
    /** Bytes that each npm package contributes; `handler` stands for the program's own code. */
    readonly packages: Readonly<Record<string, number>>;
}

/** Folder of the program: the artifact must not depend on where a command was started. */
export const root = path.resolve(__dirname, "../..");

/**
 * How every handler is bundled; a size comparison must use the same.
 *
 * CommonJS, because Lambda loads it some 15 ms sooner than ESM with an AWS client inside. Lines are limited, because an
 * uncaught exception prints the whole line it stands in.
 */
export const bundleOptions = {
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    conditions: ["module"],
    minify: true,
    // The sources are strict; as CommonJS the bundle would be so only by saying it.
    banner: { js: '"use strict";' },
    lineLimit: 400,
    legalComments: "none",
    // An optional native driver that `pg` probes for inside try/catch.
    external: ["pg-native"],
    logLevel: "silent",
    tsconfigRaw: "{}",
    plugins: [packageEntries(root), leanSdk],
} satisfies esbuild.BuildOptions;

/**
 * Serialises a handler factory as Pulumi does, and bundles the text into one tree-shaken file. The same source gives the
 * same bytes on any machine.
 *
 * @param name Name of the callback, for error messages.
 * @param factory Synchronous function that returns the handler. It may capture plain data; everything else is made inside.
 * @throws When something is captured that would not survive (a class, an instance, `this`), when two files below `handlers/`
 * give different packages one import name, and whenever the bundler warns.
 */
export async function bundleCallback(name: string, factory: () => unknown): Promise<Bundle> {
    clashes ??= importNameClashes(path.join(root, "handlers"));
    if (clashes.length > 0) {
        throw new Error(`callback ${name} cannot be serialised: ${clashes.join("; ")}`);
    }
    const contents = await toModule(await serialise(name, factory), name);
    const result = await bundleModule(name, contents);
    if (result.warnings.length > 0) {
        const lines = await esbuild.formatMessages(result.warnings, { kind: "warning" });
        throw new Error(`callback ${name} cannot be bundled safely:\n${lines.join("")}`);
    }
    const [file] = result.outputFiles;
    const sha256 = crypto.createHash("sha256").update(file.contents).digest("hex");
    return { code: file.text, sha256, bytes: file.contents.byteLength, packages: bytesByPackage(result.metafile) };
}

let clashes: string[] | undefined;

async function serialise(name: string, factory: () => unknown): Promise<string> {
    try {
        const { text, containsSecrets } = await pulumi.runtime.serializeFunction(factory, { isFactoryFunction: true });
        if (containsSecrets) {
            throw new Error(
                "it captures a secret, which would be readable in the artifact; pass the secret's ARN instead",
            );
        }
        return text;
    } catch (error) {
        throw new Error(`callback ${name} cannot be serialised: ${(error as Error).message}`, { cause: error });
    }
}

async function bundleModule(name: string, contents: string) {
    try {
        return await esbuild.build({
            ...bundleOptions,
            stdin: { contents, resolveDir: root, sourcefile: `${name}.js`, loader: "js" },
        });
    } catch (error) {
        throw new Error(`callback ${name} cannot be bundled: ${(error as Error).message}`, { cause: error });
    }
}

function bytesByPackage({ outputs }: esbuild.Metafile): Record<string, number> {
    const sum: Record<string, number> = {};
    for (const { inputs } of Object.values(outputs)) {
        for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
            const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? "handler";
            sum[name] = (sum[name] ?? 0) + bytesInOutput;
        }
    }
    return sum;
}
