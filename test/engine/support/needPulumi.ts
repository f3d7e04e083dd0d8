import { spawnSync } from "node:child_process";

/** Skips every test, and says so, where there is no Pulumi CLI. */
export const mochaHooks = {
    beforeAll(this: Mocha.Context) {
        const { error }: { error?: NodeJS.ErrnoException } = spawnSync("pulumi", ["version"]);
        if (error?.code === "ENOENT") {
            console.log("Engine tests SKIPPED: there is no `pulumi` on PATH.");
            this.skip();
        }
    },
};
