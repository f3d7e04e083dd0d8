import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { checkOrder } from "../../../handlers/orderService/checkOrder";
import { orderSchema, type OrderInput } from "../../../handlers/orderService/orderSchema";
import { isOrderStep, ORDER_STATUSES, type OrderStatus } from "../../../handlers/orderService/statuses";
import { check } from "../../../handlers/shared/issues";
import { projectFolder } from "../../support/plans";

const item = { sku: "a", quantity: 2, unit_price_cents: 150 };
const order: OrderInput = { customer_id: "c", items: [item], currency: "EUR" };

describe("an order's schema", () => {
    const issuesOf = (value: unknown) =>
        (check(orderSchema(), value).issues ?? []).map(({ path, message }) => `${path} ${message}`.trim());

    it("takes the least and the most of each field", () => {
        const most = {
            customer_id: "ü".repeat(64),
            items: Array.from({ length: 100 }, (_, index) => ({
                ...{ sku: `${index}`.padStart(64, "x"), quantity: 10_000 },
                unit_price_cents: Number.MAX_SAFE_INTEGER,
            })),
            currency: "XPF",
            note: "n".repeat(1000),
        };

        assert.deepEqual(issuesOf(order), []);
        assert.deepEqual(issuesOf(most), []);
        assert.deepEqual(issuesOf({ ...order, items: [{ ...item, unit_price_cents: 0 }], note: "" }), []);
    });

    it("reports every issue at once, each once, by its path", () => {
        const items = [
            { sku: "", quantity: 0, unit_price_cents: -1 },
            { sku: "x".repeat(65), quantity: 10_001, unit_price_cents: 0.5 },
            { sku: 1, quantity: "2", unit_price_cents: 2 ** 53 },
        ];
        const issues = issuesOf({ customer_id: "", items, currency: "EURO", note: "n".repeat(1001) });

        assert.deepEqual(
            issues.map((issue) => issue.split(" ")[0]),
            [
                "customer_id",
                ...[0, 1, 2].flatMap((index) =>
                    ["sku", "quantity", "unit_price_cents"].map((name) => `items.${index}.${name}`),
                ),
                "currency",
                "note",
            ],
        );
    });

    for (const [what, value] of Object.entries({
        "no items": { ...order, items: [] },
        "101 items": { ...order, items: Array.from({ length: 101 }, () => item) },
        "items that are no array": { ...order, items: item },
        "a currency in lower case": { ...order, currency: "eur" },
        "a currency of the past": { ...order, currency: "DEM" },
        "no customer": { ...order, customer_id: undefined },
    })) {
        it(`refuses ${what}`, () => {
            assert.equal(issuesOf(value).length, 1);
        });
    }
});

describe("checking an order", () => {
    it("computes the total in cents", () => {
        const items = [item, { sku: "b", quantity: 3, unit_price_cents: 1 }];

        assert.deepEqual(checkOrder({ ...order, items }, 1000), { status: "confirmed", total_cents: 303 });
    });

    it("takes a total at the limit, and rejects the next cent", () => {
        assert.equal(checkOrder(order, 300).status, "confirmed");
        assert.deepEqual(checkOrder(order, 299), { status: "rejected", reason: "The total is over the limit of 299" });
    });

    it("neither rounds nor overflows: the largest order of all is over the largest limit", () => {
        const largest = { quantity: 10_000, unit_price_cents: Number.MAX_SAFE_INTEGER };
        const items = Array.from({ length: 100 }, (_, index) => ({ sku: `${index}`, ...largest }));
        const exact = [
            { sku: "a", quantity: 1, unit_price_cents: Number.MAX_SAFE_INTEGER - 1 },
            { sku: "b", quantity: 1, unit_price_cents: 1 },
        ];

        assert.equal(checkOrder({ ...order, items }, Number.MAX_SAFE_INTEGER).status, "rejected");
        assert.deepEqual(checkOrder({ ...order, items: exact }, Number.MAX_SAFE_INTEGER), {
            status: "confirmed",
            total_cents: Number.MAX_SAFE_INTEGER,
        });
    });

    it("rejects items that stand in it twice, and names each once", () => {
        const items = ["a", "b", "a", "c", "b", "a"].map((sku) => ({ ...item, sku }));

        assert.deepEqual(checkOrder({ ...order, items }, 1e9), {
            status: "rejected",
            reason: "Items a, b stand in the order more than once",
        });
    });
});

describe("an order's status", () => {
    const inOrder: OrderStatus[] = ["pending", "processing", "confirmed", "rejected", "failed"];

    /** From each status: `x` where the status of the column, in the order above, may follow. */
    const table: Record<OrderStatus, string> = {
        pending: ". x . . x",
        processing: ". . x x x",
        confirmed: "x . . . .",
        rejected: "x . . . .",
        failed: "x . . . .",
    };

    it("is one of five", () => {
        assert.deepEqual(ORDER_STATUSES, inOrder);
    });

    it("takes the steps that the README draws, and no others", () => {
        const readme = fs.readFileSync(path.join(projectFolder, "README.md"), "utf8");
        const section = readme.slice(readme.indexOf("## OrderService"));
        const [, diagram] = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(section)!;

        const drawn = Array.from(diagram.matchAll(/(\w+) --> (\w+)/g), ([, from, to]) => `${from} ${to}`);
        const steps = inOrder.flatMap((from) =>
            inOrder.filter((to) => isOrderStep(from, to)).map((to) => `${from} ${to}`),
        );
        assert.deepEqual(drawn.sort(), steps.sort());
    });

    for (const from of inOrder) {
        for (const [index, mark] of table[from].split(" ").entries()) {
            const to = inOrder[index];
            it(`${mark === "x" ? "may" : "can't"} become ${to} when it is ${from}`, () => {
                assert.equal(isOrderStep(from, to), mark === "x");
            });
        }
    }
});
