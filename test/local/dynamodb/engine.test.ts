import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { findEngine } from "../../../local/services/dynamodb/engine/binary";
import { startEngine } from "../../../local/services/dynamodb/engine/engine";

describe("the engine of DynamoDB", () => {
    let folder: string;
    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-test-"))));
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    /** A program that notes that it was started, fails so often with a message, and then is the engine. */
    function failing(times: number, message: string): string {
        const script = path.join(folder, "engine.sh");
        const text = `#!/bin/sh
            echo start >> starts
            if [ "$(wc -l < starts)" -le ${times} ]; then echo "${message}" >&2; exit 1; fi
            exec "${findEngine()}" "$@"`;
        fs.writeFileSync(script, text, { mode: 0o700 });
        return script;
    }
    const starts = () => fs.readFileSync(path.join(folder, "starts"), "utf8").split("\n").length - 1;

    it("is started again at another port when somebody took the one that was free", async () => {
        const binary = failing(2, "Error: port 4711 is already in use");

        const engine = await startEngine({ folder, binary, print: () => {} });

        assert.deepEqual(await engine.call("ListTables", {}), { TableNames: [] });
        assert.equal(starts(), 3);
        await engine.close();
    });

    it("is given up when no port can be had, and at once for any other reason, which is told", async () => {
        await assert.rejects(startEngine({ folder, binary: failing(9, "already in use"), print: () => {} }), /in use/);
        assert.equal(starts(), 5);

        fs.rmSync(path.join(folder, "starts"));
        await assert.rejects(startEngine({ folder, binary: failing(9, "disk full"), print: () => {} }), /disk full/);
        assert.equal(starts(), 1);
    });
});
