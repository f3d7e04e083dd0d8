import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { loadRules } from "../../policy/support/loadRules";
import { readPackConfig } from "../../policy/support/packConfig";

describe("the config of the pack", () => {
    const rules = loadRules();
    let folder: string;
    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-pack-"))));
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    const read = (config: object) => {
        fs.writeFileSync(path.join(folder, "dev.json"), JSON.stringify(config));
        return readPackConfig(folder, "dev", rules);
    };
    const exception = { resource: "aws:sqs/queue:Queue::orders", reason: "it is a test", expires: "2999-12-31" };

    it("is that of the stack's file", () => {
        const config = { "sqs-dlq": "advisory", "sqs-encryption": { exceptions: [exception] } };

        assert.deepEqual(read(config), config);
    });

    it("names no rule that the pack lacks, which would stop an engine without a clear word", () => {
        assert.throws(() => read({ "sqs-gone": "mandatory" }), {
            message: "policy/dev.json: there is no rule sqs-gone.",
        });
    });

    for (const [key, value, problem] of [
        ["reason", "short", /sqs-dlq\.exceptions.*reason: Invalid length/],
        ["reason", undefined, /sqs-dlq\.exceptions.*reason: Invalid key/],
        ["expires", undefined, /sqs-dlq\.exceptions.*expires: Invalid key/],
        ["expires", "next year", /sqs-dlq\.exceptions.*expires: Invalid format/],
        ["resource", "orders", /sqs-dlq\.exceptions.*resource: Invalid format/],
        ["finding", "", /sqs-dlq\.exceptions.*finding: Invalid length/],
        ["until", "2999-12-31", /sqs-dlq\.exceptions.*until: Invalid key/],
    ] as const) {
        it(`has no exception whose ${key} is ${JSON.stringify(value)}`, () => {
            const exceptions = [exception, { ...exception, [key]: value }];

            assert.throws(() => read({ "sqs-dlq": { enforcementLevel: "mandatory", exceptions } }), problem);
        });
    }
});
