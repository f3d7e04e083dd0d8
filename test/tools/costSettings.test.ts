import * as assert from "node:assert/strict";
import { assume } from "../../tools/cost/assumptions";
import { pricingOf } from "../../tools/cost/bill";
import { parseSettings } from "../../tools/cost/settings";
import { checkBudget } from "../../tools/cost/stackCommand";
import { budgetText, stackJson, stackNotes, systemRows } from "../../tools/cost/stackText";
import { API, costOf } from "./support/costPlan";

describe("what the cost of a stack does not know", () => {
    it("names a type without a price, and each part of a resource without one, instead of counting nothing", () => {
        const cost = costOf([
            ...[
                { type: "aws:rds/cluster:Cluster", name: "db" },
                { type: "aws:rds/cluster:Cluster", name: "db2" },
            ],
            { type: "aws:dynamodb/table:Table", name: "table", inputs: { billingMode: "PROVISIONED" } },
            { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "fast", inputs: { period: 10 } },
            {
                type: "aws:cloudwatch/eventRule:EventRule",
                name: "nightly",
                inputs: { name: "n", scheduleExpression: "cron(0 3 * * ? *)" },
            },
            {
                type: "awsx:ec2:Vpc",
                name: "vpc",
                custom: false,
                remote: true,
                inputs: { natGateways: { strategy: "Regional" } },
            },
        ]);

        assert.deepEqual(cost.notPriced, [
            "aws:rds/cluster:Cluster (db, db2)",
            "the provisioned capacity of table table",
            "the alarm fast, which looks more often than once a minute",
            "NAT gateways by the strategy Regional",
            "runs of nightly, cron(0 3 * * ? *)",
        ]);
        assert.ok(stackNotes(cost, assume()).includes(`Not priced: ${cost.notPriced.join("; ")}.`));
        assert.equal(pricingOf("aws:rds/cluster:Cluster"), "unknown");
    });

    it("names functions without work, and work of what is not there", () => {
        const cost = costOf(API, { work: { gone: { f: { runs: 1 } } }, calls: { old: { "GET /": 1 } } });

        assert.deepEqual(cost.notes, [
            "Taken to use no other resource: f.",
            "Named in the settings, and not in this stack: gone, old.",
        ]);
    });

    const refusals: readonly (readonly [string, object, RegExp])[] = [
        [
            "a route that is not there",
            { calls: { shop: { "GET /a": 1 } } },
            /calls\.shop names GET \/a, .* routes are POST \/a\./,
        ],
        ["no share at all", { calls: { shop: { "POST /a": 0 } } }, /calls\.shop gives no route a share/],
        [
            "a use that a resource has not",
            { work: { f: { bucket: { puts: 1 } } } },
            /names puts of bucket, .*give one of writes, reads, bytes/,
        ],
        [
            "a route of an API that is not there",
            { work: { f: { api: { "GET /z": 1 } } } },
            /names GET \/z of api, .*give one of POST \/a/,
        ],
        [
            "work that comes back to itself",
            { work: { f: { api: { "POST /a": 1 } } } },
            /The work of f comes back to itself/,
        ],
    ];
    for (const [what, settings, message] of refusals) {
        it(`refuses ${what}`, () => {
            const bucket = { type: "aws:s3/bucket:Bucket", name: "bucket", parent: "shop" };

            assert.throws(() => costOf([...API, bucket], settings), message);
        });
    }

    it("refuses calls of a system without an API", () => {
        assert.throws(() => costOf(API, {}, {}, { shop: 1, shed: 1 }), /shed has no API.*the systems are shop\./);
    });
});

describe("a budget", () => {
    it("is exceeded by any cost above it, and by none up to it", () => {
        const cost = costOf(API, {}, { apiMs: 0, responseBytes: 0 }, 1_000_000);

        const [above, even] = [3.69, 3.71].map((usdPerMonth) =>
            checkBudget(cost, { usdPerMonth, callsPerMonth: 1_000_000 }),
        );

        assert.equal(above.exceeded, true);
        assert.equal(even.exceeded, false);
        assert.equal(
            budgetText(cost, above),
            "The stack s costs $3.70 a month with 1,000,000 calls of each system, which is above its budget of $3.69: make it cheaper, or raise budgets.s.usdPerMonth in cost.json.",
        );
        assert.match(budgetText(cost, even), /within its budget of \$3\.71\.$/);
    });

    it("stands in the JSON, with what it rests on and each system's items", () => {
        const assumptions = assume({ apiMs: 0, responseBytes: 0 });
        const cost = costOf(API, {}, assumptions, 10);

        const json = JSON.parse(stackJson(cost, assumptions, { usdPerMonth: 1, exceeded: false }));

        assert.deepEqual(Object.keys(json).sort(), [
            ...["assumptions", "budget", "callsPerMonth", "fromMemory", "monthUsd", "notPriced", "notes"],
            ...["priceDates", "pricesOf", "region", "stack", "systems"],
        ]);
        assert.deepEqual(json.budget, { usdPerMonth: 1, exceeded: false });
        assert.deepEqual(json.systems[0].items, [
            { service: "apigateway", unit: "call", fixedUsd: 0, perMillionCallsUsd: 3.5 },
            { service: "lambda", unit: "request", fixedUsd: 0, perMillionCallsUsd: 0.2 },
        ]);
        assert.equal(json.assumptions.apiMs, 0);
        assert.deepEqual(systemRows(cost).slice(-1), [["a month", "$0.00", "", "with 10 calls of each system"]]);
    });
});

describe("cost.json", () => {
    const refusals: readonly (readonly [object, string])[] = [
        [{ budget: {} }, "budget in cost.json is unknown."],
        [{ budgets: { dev: { usdPerMonth: 1 } } }, "budgets.dev.callsPerMonth is missing in cost.json."],
        [
            { budgets: { dev: { usdPerMonth: -1, callsPerMonth: 1 } } },
            "budgets.dev.usdPerMonth in cost.json is -1: allowed is a number from 0.",
        ],
        [
            { budgets: { dev: { usdPerMonth: 1, callsPerMonth: "many" } } },
            'budgets.dev.callsPerMonth in cost.json is "many": allowed is a number from 0, or an object of such numbers by system.',
        ],
        [{ assumptions: { apiMilliseconds: 1 } }, "assumptions.apiMilliseconds in cost.json is unknown."],
        [{ work: { f: 1 } }, "work.f in cost.json is 1: allowed is an object."],
    ];
    for (const [values, message] of refusals) {
        it(`is refused with ${JSON.stringify(values)}`, () => {
            assert.throws(() => parseSettings(values, "cost.json"), { message });
        });
    }

    it("may not assume 0 where others are divided by it", () => {
        assert.throws(() => assume({ messagesPerRun: 0 }), /messagesPerRun is 0: give a number above 0/);
    });
});
