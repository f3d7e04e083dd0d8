import * as assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import { uuidv7 } from "../../handlers/shared/uuidv7";
import { startStack, type Stack } from "../local/stack/support/stack";
import type { Passing } from "./support/loadProxy";
import { findings, load, loadThrough, summary } from "./support/loadRuns";

describe("npm run load, of what ends later", () => {
    let stack: Stack;
    let storage: s3.S3Client;
    before(async () => {
        stack = await startStack();
        storage = stack.s3();
    });
    after(async () => {
        storage.destroy();
        await stack.end();
    });

    describe("orders", () => {
        it("follows each accepted order to its one end, also when its answer got lost", async () => {
            const seen = new Set<string>();
            const report = await loadThrough(
                ...([stack, storage, "orders"] as const),
                async ({ method, headers, forward }) => {
                    const first = method === "POST" && seen.size < seen.add(headers["idempotency-key"]).size;
                    const reply = await forward();
                    return first && seen.size === 2 ? "hang up" : reply;
                },
                { rate: 5, connections: 1, settleSeconds: 30 },
            );

            assert.deepEqual(report.ledger, { accepted: 5, findings: [], ends: { confirmed: 5 } });
            assert.deepEqual([report.repeated, report.unknown], [1, 0]);
            assert.deepEqual(
                summary(report).filter((line) => line.startsWith("POST")),
                [
                    "POST /pedidos 202: 4 answer",
                    "POST /pedidos no answer: 1 error",
                    "POST /pedidos, again 202: 1 answer",
                ],
            );
        });

        it("notices an order that was accepted and is unknown, one that was stored twice, and one that never ends", async () => {
            const ids: string[] = [];
            let unending = "";
            const report = await loadThrough(
                ...([stack, storage, "orders"] as const),
                async ({ method, path, headers, forward }) => {
                    if (method === "POST") {
                        const number = ids.push(headers["idempotency-key"]);
                        if (number === 1) return { status: 202, json: { order_id: uuidv7(Date.now()) } };
                        const reply = await forward();
                        if (number === 2) await forward({ headers: { ...headers, "idempotency-key": "another" } });
                        if (number === 3) unending = reply.json.order_id;
                        return reply;
                    }
                    const reply = await forward();
                    const hidden = unending !== "" && path.endsWith(`/${unending}`);
                    return hidden ? { status: 200, json: { ...reply.json, status: "processing" } } : reply;
                },
                { rate: 4, connections: 1 },
            );

            assert.deepEqual(
                findings(report),
                [
                    `${ids[0]} missing: unknown, or no final status after 1 s without any progress`,
                    `${ids[1]} doubled: 2 times in the list of orders`,
                    `${ids[2]} missing: unknown, or no final status after 1 s without any progress`,
                ].sort(),
            );
        });

        it("notices an order that went on after its end, and one of another total", async () => {
            const ids = new Map<string, string>();
            let changed = false;
            const report = await loadThrough(
                ...([stack, storage, "orders"] as const),
                async ({ method, path, headers, forward }) => {
                    const reply = await beforeList(path, async () => {
                        if (!changed) await replace([...ids.keys()][0]);
                        changed = true;
                    }).then(() => forward());
                    if (method === "POST") ids.set(reply.json.order_id, headers["idempotency-key"]);
                    const second = [...ids.keys()][1];
                    return path.endsWith(`/${second}`) && reply.json.status === "confirmed"
                        ? { status: 200, json: { ...reply.json, total_cents: 1 } }
                        : reply;
                },
                { rate: 2, connections: 1, settleSeconds: 30 },
            );

            const [first, second] = ids.values();
            assert.deepEqual(
                findings(report),
                [
                    `${first} doubled: confirmed, and then pending`,
                    `${second} wrong: confirmed with total 1: no reason`,
                ].sort(),
            );
        });

        const beforeList = async (path: string, action: () => Promise<void>) => {
            if (path.includes("/pedidos?")) await action();
        };

        const replace = async (orderId: string) => {
            const headers = { authorization: `Bearer ${stack.localToken}`, "content-type": "application/json" };
            const items = [{ sku: "tea", quantity: 1, unit_price_cents: 1 }];
            const response = await fetch(`${stack.orderServiceUrl}/pedidos/${orderId}`, {
                ...{ method: "PUT", headers: { ...headers, "if-match": '"3"' } },
                body: JSON.stringify({ customer_id: "load", items, currency: "EUR", note: await noteOf(orderId) }),
            });
            assert.equal(response.status, 202);
        };

        const noteOf = async (orderId: string) => {
            const headers = { authorization: `Bearer ${stack.localToken}` };
            const response = await fetch(`${stack.orderServiceUrl}/pedidos/${orderId}`, { headers });
            return ((await response.json()) as { note: string }).note;
        };
    });

    describe("uploads", () => {
        it("announces, sends and confirms each file, and finds it completed and in its place", async () => {
            const report = await load(stack, storage, "uploads", { rate: 6 });

            assert.deepEqual(report.ledger, { accepted: 6, findings: [], ends: { completed: 6 } });
            assert.deepEqual(
                summary(report).filter((line) => !line.startsWith("GET")),
                ["POST /confirm-upload 202: 6 answer", "POST /upload 201: 6 answer", "send the form 201: 6 answer"],
            );
        });

        it("notices a confirmed file that is not completed, and ones that are gone, changed, or completed twice", async () => {
            const names: string[] = [];
            const fileIds: string[] = [];
            const spoilt = new Set<string>();
            const report = await loadThrough(
                ...([stack, storage, "uploads"] as const),
                async ({ path, body, forward }) => {
                    if (path.endsWith("/upload")) {
                        const reply = await forward();
                        names.push(reply.json.file_name);
                        fileIds.push(reply.json.file_id);
                        return reply;
                    }
                    if (path.endsWith("/confirm-upload") && JSON.parse(body).file_id === fileIds[0]) {
                        return { status: 202, json: { file_id: fileIds[0], status: "uploaded" } };
                    }
                    return consult(path, forward);
                },
                { rate: 4, connections: 1, settleSeconds: 3 },
            );

            async function consult(path: string, forward: Passing["forward"]) {
                const reply = await forward();
                const number = fileIds.findIndex((id) => path.endsWith(`=${id}`));
                if (reply.json.status !== "completed" || spoilt.has(path)) return reply;
                spoilt.add(path);
                const place = { Bucket: stack.uploadBucket, Key: `dest/local/${fileIds[number]}/${names[number]}` };
                if (number === 1) await storage.send(new s3.DeleteObjectCommand(place));
                if (number === 2) await storage.send(new s3.PutObjectCommand({ ...place, Body: "other" }));
                const { history } = reply.json;
                return number === 3
                    ? { status: 200, json: { ...reply.json, history: [...history, history.at(-1)] } }
                    : reply;
            }

            const id = (number: number) => names[number].slice("load-".length, -".txt".length);
            const key = (number: number) => `dest/local/${fileIds[number]}/${names[number]}`;
            assert.deepEqual(
                findings(report),
                [
                    `${id(0)} missing: pending after 3 s without any progress`,
                    `${id(1)} missing: ${key(1)} is not in the bucket`,
                    `${id(2)} wrong: ${key(2)} is not what was sent`,
                    `${id(3)} doubled: completed 2 times`,
                ].sort(),
            );
        });

        it("does not take for accepted what S3 or the API refused, and tells how far it came", async () => {
            let number = 0;
            const report = await loadThrough(
                ...([stack, storage, "uploads"] as const),
                async ({ path, forward }) => {
                    if (path.endsWith("/confirm-upload")) return { status: 409, json: { code: "EXPIRED" } };
                    const reply = await forward();
                    if (!path.endsWith("/upload") || ++number > 1) return reply;
                    const fields = { ...reply.json.fields, "Content-Type": "text/html" };
                    return { status: 201, json: { ...reply.json, fields } };
                },
                { rate: 3, connections: 1 },
            );

            assert.deepEqual(report.ledger, {
                ...{ accepted: 0, findings: [] },
                ends: { "announced, and not sent": 1, "sent, and not confirmed": 2 },
            });
            assert.deepEqual(summary(report).slice(0, 3), [
                "POST /confirm-upload 409 EXPIRED: 2 refusal",
                "POST /upload 201: 3 answer",
                "send the form 201: 2 answer",
            ]);
        });
    });
});
