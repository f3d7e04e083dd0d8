import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { breakEven, orderCosts, type OrderLoad } from "../../tools/cost/orders";
import { assumptions, costRows, readmeSection } from "../../tools/cost/ordersText";
import { charge, type Price } from "../../tools/cost/price";
import { PRICES } from "../../tools/cost/prices";
import { projectFolder } from "../support/plans";
import { runTool } from "../support/runTool";

describe("prices", () => {
    it("charge each step of a month's amount by its own price", () => {
        // 333 million for 3.50 each, 67 million for 2.80 each.
        near(charge(PRICES.apiGateway.restCall, 400_000_000), 333 * 3.5 + 67 * 2.8);
        near(charge(PRICES.apiGateway.restCall, 333_000_000), 333 * 3.5);
        assert.equal(charge(PRICES.apiGateway.restCall, 0), 0);
    });

    it("have a date and a source each, and get cheaper with the amount", () => {
        const prices = flat(PRICES);

        assert.ok(prices.length > 40);
        for (const { usd, per, beyond = [], source } of prices) {
            assert.match(source.date, /^2026-\d\d(-\d\d)?$/);
            assert.ok(source.of.length > 0 && per > 0);
            const steps = [[0, usd], ...beyond];
            for (const [index, [from, each]] of steps.entries()) {
                assert.ok(index === 0 || (from > steps[index - 1][0] && each < steps[index - 1][1]));
            }
        }
    });
});

describe("the cost of orders", () => {
    it("is that of the minute Fargate bills at least, with the address, for one task per order in public subnets", () => {
        // An hour: 0.25 vCPU x 0.03238 + 0.5 GB x 0.00356 + address 0.005 = 0.014875. 100,000 minutes are 1,666.67 hours.
        near(orderCosts(100_000, LOAD).task, (100_000 / 60) * 0.014875);
        near(orderCosts(1, { ...LOAD, seconds: 0.1, startSeconds: 0 }).task, 0.014875 / 60);
    });

    it("counts a longer task by whole seconds, from the pull of its image", () => {
        // 20 s of start and 90.5 s of work are billed as 111 s.
        near(orderCosts(3600, { ...LOAD, seconds: 90.5 }).task, 111 * 0.014875);
    });

    it("has endpoints by zone and hour instead of addresses in private subnets, one more for the worker", () => {
        const load = { ...LOAD, network: "private" } as const;

        // 3 and 4 endpoints x 2 zones x 730 h x 0.01. An hour of a task is 0.009875 without the address.
        near(orderCosts(0, load).task, 43.8);
        near(orderCosts(100_000, load).task, 43.8 + (100_000 / 60) * 0.009875);
        // Alarms on 3 metrics: 0.30.
        near(orderCosts(0, load).asNeeded, 58.4 + 0.3);
    });

    it("is that of a task for the whole month, its requests and its alarms, for a worker that is always on", () => {
        // Work: 100,000 x 20 s / 10 = 55.56 h of 730. Requests: 3 an order, and 180 in each of 674.44 idle hours.
        const requests = 300_000 + (730 - 200_000 / 3600) * 180;

        near(orderCosts(100_000, LOAD).alwaysOn, 730 * 0.014875 + requests * 0.0000004 + 0.3);
    });

    it("is that of the work and of 320 s for each burst, for a worker as needed", () => {
        // 30 bursts x (20 s of start + 300 s of waiting) = 9,600 s; idle receives in them: 480.
        const hours = (200_000 + 9_600) / 3600;

        near(orderCosts(100_000, LOAD).asNeeded, hours * 0.014875 + 300_480 * 0.0000004 + 0.3);
        // 2 orders make no more than 2 bursts: 4 s of work, 640 s around it, 32 receives.
        near(orderCosts(2, LOAD).asNeeded, (644 / 3600) * 0.014875 + 38 * 0.0000004 + 0.3);
    });

    it("is the same for both workers once there is work for more than one task all month", () => {
        // 10,000,000 x 20 s / 10 = 5,555.56 h, of which none is idle.
        const { asNeeded, alwaysOn } = orderCosts(10_000_000, LOAD);

        near(alwaysOn, (20_000_000 / 3600) * 0.014875 + 30 * 0.4 + 0.3);
        assert.equal(asNeeded, alwaysOn);
    });

    it("follows size and architecture", () => {
        const load = { ...LOAD, architecture: "X86_64", cpu: 1024, memory: 2048 } as const;

        // An hour: 1 x 0.04048 + 2 x 0.004445 + 0.005.
        near(orderCosts(60, load).task, 0.04048 + 0.00889 + 0.005);
    });
});

describe("the break-even of orders", () => {
    it("is where a month of the idle worker is made up for by what an order costs it less", () => {
        // Idle: 730 x 0.014875 + 0.3 + 131,400 x 0.0000004 = 11.21131. An order costs the task 0.000247917, the worker
        // 3 x 0.0000004, less the receives of 2 s that are no longer idle, 0.00000004: 11.21131 / 0.000246757 = 45,434.7.
        assert.equal(breakEven("alwaysOn", LOAD), 45_435);
    });

    for (const way of ["asNeeded", "alwaysOn"] as const) {
        for (const network of ["public", "private"] as const) {
            it(`is where both cost the same, to one order: ${way}, ${network}`, () => {
                const load = { ...LOAD, network };
                const even = breakEven(way, load) ?? 0;
                const more = (orders: number) => orderCosts(orders, load)[way] - orderCosts(orders, load).task;

                assert.ok(more(even - 1) > 0 && more(even) <= 0);
                assert.ok(more(even) > -0.00025, "one order's task");
                assert.ok(more(even * 10) < 0 && more(Math.floor(even / 2)) > 0);
            });
        }
    }

    it("is nowhere for a worker that handles long orders one at a time, as each takes the same time of a task there", () => {
        const load = { ...LOAD, seconds: 90, startSeconds: 0, concurrent: 1 };

        assert.equal(breakEven("alwaysOn", load), undefined);
        assert.equal(costRows([], load).at(-1)?.[3], "never");
    });
});

describe("npm run cost", function () {
    this.timeout(30_000);

    it("prints the costs of both ways, where they are even, and what they rest on", async () => {
        const { code, stdout } = await runTool("cost", ["orders", "--orders", "100000"]);

        assert.equal(code, 0);
        const cells = stdout.split("\n").map((line) => line.split(/ {2,}/));
        // The sums of the tests above.
        assert.deepEqual(cells.slice(2, 6), [
            ["orders a month", "one task per order", "worker, as needed", "worker, always on"],
            ["0", "$0.00", "$0.30", "$11.21"],
            ["100,000", "$24.79", "$1.29", "$11.33"],
            ["worker costs no more from", "1,426 orders", "45,435 orders"],
        ]);
        for (const line of assumptions(LOAD)) {
            assert.ok(stdout.includes(`\n${line}\n`), line);
        }
        assert.match(stdout, /0\.03238 per vCPU-hour \(2026-08-10, .*confidence A\)/);
    });

    it("reckons with what its options say", async () => {
        const sizes = ["--architecture", "X86_64", "--cpu", "1024", "--memory", "2048", "--network", "private"];
        const times = ["--seconds", "90.5", "--start-seconds", "30", "--concurrent", "5", "--bursts", "7"];
        const load: OrderLoad = {
            ...{ architecture: "X86_64", cpu: 1024, memory: 2048, network: "private" },
            ...{ seconds: 90.5, startSeconds: 30, concurrent: 5, bursts: 7 },
        };

        const { stdout } = await runTool("cost", ["orders", ...sizes, ...times]);

        const rows = costRows([1000, 100_000, 1_000_000], load).map((row) => row.filter((cell) => cell !== ""));
        assert.deepEqual(
            stdout
                .split("\n")
                .slice(2, 8)
                .map((line) => line.split(/ {2,}/)),
            rows,
        );
        assert.match(stdout, /X86_64, 1024 CPU units, 2048 MiB, private subnets/);
        assert.match(stdout, /ecr\.api, ecr\.dkr, logs; for the worker ecr\.api, ecr\.dkr, logs, sqs/);
    });

    it("explains its options", async () => {
        const { code, stdout } = await runTool("cost", ["--help"]);

        assert.equal(code, 0);
        for (const option of ["orders", "seconds", "network", "architecture", "cpu", "memory"]) {
            assert.match(stdout, new RegExp(`--${option} `));
        }
    });

    const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
        ["no system", [], /No system named: give one of orders/],
        ["an unknown system", ["uploads"], /No cost is known of uploads: give one of orders/],
        ["a second system", ["orders", "uploads"], /No cost is known of orders uploads/],
        ["an unknown option", ["orders", "--spot"], /Unknown option '--spot'/],
        ["no number", ["orders", "--seconds", "soon"], /--seconds is soon: give a number from 0/],
        ["no orders", ["orders", "--orders", "0"], /--orders is 0: give a whole number from 1/],
        ["half a burst", ["orders", "--bursts", "0.5"], /--bursts is 0\.5: give a whole number from 0/],
        ["an unknown network", ["orders", "--network", "vpn"], /--network is vpn: give public or private/],
        ["an unknown architecture", ["orders", "--architecture", "arm"], /give ARM64 or X86_64/],
        ["a size that Fargate has not", ["orders", "--memory", "8192"], /No Fargate configuration.* 256 CPU, 8192/],
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

describe("the README", () => {
    it("says of the cost of orders what the prices and the arithmetic give", () => {
        const readme = fs.readFileSync(path.join(projectFolder, "README.md"), "utf8");

        const [, section] = /<!-- cost:orders -->\n([^]*?)\n<!-- \/cost:orders -->/.exec(readme) ?? [];

        assert.equal(section, readmeSection());
    });
});

const LOAD: OrderLoad = {
    ...{ seconds: 20, startSeconds: 20, cpu: 256, memory: 512, architecture: "ARM64", network: "public" },
    ...{ concurrent: 10, bursts: 30 },
};

function near(actual: number, expected: number): void {
    assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

function flat(prices: object): Price[] {
    return Object.values(prices).flatMap((value) => ("usd" in value ? [value as Price] : flat(value)));
}
