import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { assume } from "../../tools/cost/assumptions";
import { readSettings } from "../../tools/cost/settings";
import { checkBudget } from "../../tools/cost/stackCommand";
import { stackCost } from "../../tools/cost/stackCost";
import { planOf, projectFolder } from "../support/plans";
import { runTool } from "../support/runTool";

describe("the cost of this program", () => {
    const settings = readSettings(path.join(projectFolder, "cost.json"));

    for (const stack of ["dev", "prod"] as const) {
        it(`leaves no declared type of ${stack} without a price, and has the work of each of its functions`, async () => {
            const { notPriced, notes } = stackCost(await planOf(stack), settings, assume(settings.assumptions), 0);

            assert.deepEqual({ notPriced, notes }, { notPriced: [], notes: [] });
        });

        it(`is within the budget of ${stack}`, async () => {
            const budget = settings.budgets[stack];

            const cost = stackCost(await planOf(stack), settings, assume(settings.assumptions), budget.callsPerMonth);

            assert.deepEqual(checkBudget(cost, budget), { usdPerMonth: budget.usdPerMonth, exceeded: false });
        });
    }

    it("has a fixed part that is the firewall's and the endpoints' on prod, and calls that use a container on dev", async () => {
        const [dev, prod] = await Promise.all(
            (["dev", "prod"] as const).map(async (stack) => stackCost(await planOf(stack), settings, assume(), 0)),
        );

        const usd = (cost: typeof dev, unit: string, part: "fixedUsd" | "perMillionCallsUsd") =>
            cost.systems.flatMap(({ items }) => items.filter((one) => one.unit === unit)).map((one) => one[part]);
        // Four interfaces in two zones; an ACL and its two rules.
        assert.deepEqual(usd(prod, "endpoint-zone-hour", "fixedUsd"), [4 * 2 * 730 * 0.01]);
        assert.deepEqual(usd(prod, "web ACL-month", "fixedUsd"), [5]);
        assert.deepEqual(usd(dev, "endpoint-zone-hour", "fixedUsd"), []);
        // A quarter of the calls starts a task of 0.25 vCPU, for a minute.
        const [hours] = usd(dev, "vCPU-hour", "perMillionCallsUsd");
        assert.ok(Math.abs(hours - (250_000 / 60) * 0.25 * 0.03238) < 1e-9);
    });
});

describe("npm run cost -- --stack", function () {
    this.timeout(60_000);

    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cost-"));
    after(() => fs.rmSync(folder, { recursive: true }));

    it("ends with code 1 and a sentence when the budget is exceeded, and prints nothing but JSON if asked to", async () => {
        const settings = path.join(folder, "cost.json");
        fs.writeFileSync(settings, JSON.stringify({ budgets: { dev: { usdPerMonth: 1, callsPerMonth: 1000 } } }));

        const { code, stdout, stderr } = await runTool("cost", ["--stack", "dev", "--json", "--settings", settings]);

        assert.equal(code, 1);
        assert.match(stderr, /^The stack dev costs \$\d+\.\d\d .*above its budget of \$1\.00: .*cost\.json\.\n$/);
        const { stack, monthUsd, budget, callsPerMonth } = JSON.parse(stdout);
        assert.deepEqual({ stack, budget }, { stack: "dev", budget: { usdPerMonth: 1, exceeded: true } });
        assert.ok(monthUsd > 1);
        assert.deepEqual(Object.values(callsPerMonth), [1000, 1000, 1000, 1000]);
    });

    it("prints each system, its items, what it rests on, and that a budget is not checked with other calls", async () => {
        const { code, stdout } = await runTool("cost", [
            "--stack=dev",
            "--items",
            "--calls",
            "7",
            "--assume",
            "apiMs=123",
        ]);

        assert.equal(code, 0);
        for (const name of ["events", "uploads", "orders", "challenge"]) {
            assert.match(stdout, new RegExp(`\\n${name} +\\$\\d`), "of the systems");
            assert.match(stdout, new RegExp(`\\n${name} +lambda +GB-second +\\$\\d`), "of the items");
            assert.match(stdout, new RegExp(`\\nA call of ${name}: `));
        }
        assert.match(stdout, /with 7 calls of each system/);
        assert.match(stdout, /\n {2}apiMs = 123: milliseconds/);
        assert.match(stdout, /The budget is not checked, since --calls/);
    });

    const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
        ["an unknown stack", ["--stack", "test"], /There is no stack test/],
        ["an unknown assumption", ["--stack", "dev", "--assume", "x=1"], /--assume is x=1: give name=number, .*apiMs/],
        ["an assumption without number", ["--stack", "dev", "--assume", "apiMs=-1"], /--assume is apiMs=-1/],
        ["no number of calls", ["--stack", "dev", "--calls", "many"], /--calls is many: give a whole number/],
        ["a missing file", ["--stack", "dev", "--settings", "none.json"], /There is no none\.json: give .* --settings/],
        ["orders of a stack", ["orders", "--stack", "dev"], /Unexpected argument 'orders'/],
    ];
    for (const [what, args, message] of refusals) {
        it(`refuses ${what} in one line`, async () => {
            const { code, stdout, stderr } = await runTool("cost", args);

            assert.equal(code, 1);
            assert.equal(stdout, "");
            assert.match(stderr, message);
            assert.doesNotMatch(stderr, /\n\s+at /);
        });
    }
});
