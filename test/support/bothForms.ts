import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { bundleCallback } from "../../components/support/bundle";
import { startHandler, type HandlerForm, type RunningHandler } from "./invoke";

/** Starts the handler under test; the process ends with the suite. */
export type StartHandler = (env: Readonly<Record<string, string>>) => Promise<RunningHandler>;

/** A handler factory of the program. */
export interface FactorySource {
    /** File of the factory, from the program's folder. */
    readonly module: string;
    /** Name under which the file exports it. */
    readonly factory: string;
    readonly args: readonly unknown[];
}

/**
 * Runs the same tests over a handler in the form that is written, and in the form that is deployed: serialised by Pulumi and
 * bundled to one file. Each runs in a fresh process.
 */
export function bothForms(title: string, source: FactorySource, suite: (start: StartHandler) => void): void {
    const module = path.resolve(__dirname, "../..", source.module);
    describe(`${title}, source form`, () => {
        suite(starter(() => Promise.resolve({ module, factory: source.factory, args: source.args })));
    });
    describe(`${title}, bundled form`, () => {
        let folder: string;
        // Not earlier: of a suite that is filtered out, no hook would remove it.
        before(() => {
            folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
        });
        after(() => fs.rmSync(folder, { recursive: true }));
        suite(
            starter(async () => {
                const bundle = path.join(folder, "index.js");
                fs.writeFileSync(bundle, (await bundleOf(source)).code);
                return { bundle };
            }),
        );
    });
}

/** The artifact of a factory. */
export function bundleOf({ module, factory: name, args }: FactorySource) {
    // The factory alone is captured: a whole module can't be serialised.
    const factory = require(path.resolve(__dirname, "../..", module))[name];
    return bundleCallback(name, () => factory(...args));
}

function starter(form: () => Promise<HandlerForm>): StartHandler {
    const running: RunningHandler[] = [];
    let once: Promise<HandlerForm> | undefined;
    after(() => Promise.all(running.map(({ stop }) => stop())));
    return async (env) => {
        once ??= form();
        const handler = await startHandler(await once, env);
        running.push(handler);
        return handler;
    };
}
