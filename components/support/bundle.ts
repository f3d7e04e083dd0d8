import * as crypto from "node:crypto";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as esbuild from "esbuild";
import { importNameClashes } from "./packaging/importNames";
import { leanSdk } from "./packaging/leanSdk";
import { packageEntries } from "./packaging/packageEntries";
import { toModule } from "./packaging/toModule";

/** One deployable file. */
export interface Bundle {
    /** The text of `index.js`, a CommonJS module: of a callback, it exports `handler`. */
    readonly code: string;
    /** Hex SHA-256 of {@link code}. */
    readonly sha256: string;
    /** Size of {@link code} in bytes. */
    readonly bytes: number;
    /** Bytes that each npm package contributes; `handler` stands for the program's own code. */
    readonly packages: Readonly<Record<string, number>>;
    /** Files that it was made from, relative to the program's folder; those of packages, too. */
    readonly files: readonly string[];
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
    // As in tsconfig.json, which matters to TypeScript alone: a callback is JavaScript by now.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
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
    const stdin: esbuild.StdinOptions = { contents, resolveDir: root, sourcefile: `${name}.js`, loader: "js" };
    return bundle(`callback ${name}`, { stdin });
}

/**
 * Bundles a plain program, such as a container runs, into one file, as {@link bundleCallback} does with handlers.
 *
 * @param entry The TypeScript module that is the program, relative to the program's folder, e.g. `handlers/work/drain.ts`.
 * @throws When it cannot be bundled, and whenever the bundler warns.
 */
export function bundleProgram(entry: string): Promise<Bundle> {
    return bundle(`program ${entry}`, { entryPoints: [entry] });
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

/** @param what Stands in error messages. */
async function bundle(what: string, input: Pick<esbuild.BuildOptions, "stdin" | "entryPoints">): Promise<Bundle> {
    const result = await build(what, input);
    if (result.warnings.length > 0) {
        const lines = await esbuild.formatMessages(result.warnings, { kind: "warning" });
        throw new Error(`${what} cannot be bundled safely:\n${lines.join("")}`);
    }
    const [file] = result.outputFiles;
    return {
        code: file.text,
        sha256: crypto.createHash("sha256").update(file.contents).digest("hex"),
        bytes: file.contents.byteLength,
        packages: bytesByPackage(result.metafile),
        files: Object.keys(result.metafile.inputs),
    };
}

async function build(what: string, input: Pick<esbuild.BuildOptions, "stdin" | "entryPoints">) {
    try {
        return await esbuild.build({ ...bundleOptions, ...input });
    } catch (error) {
        throw new Error(`${what} cannot be bundled: ${(error as Error).message}`, { cause: error });
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
