import * as assert from "node:assert/strict";
import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler } from "../../support/invoke";
import { atOnce } from "./support/gates";
import { listSource, listStatements, page, type Query } from "./support/listing";
import { idAt, itemsOf, newClient, startOrderStage, storeOrder, tableArn, type OrderStage } from "./support/orderStage";

bothForms("the query of GET /pedidos", listSource, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    let other: RunningHandler;
    let client: string;
    let ids: string[];
    before(async () => {
        stage = await startOrderStage(...listStatements);
        [api, other] = await Promise.all([start(stage.env), start(stage.env)]);
    });
    beforeEach(async () => {
        stage.proxies.reset();
        client = newClient();
        ids = [3, 2, 1].map(idAt);
        await Promise.all(ids.map((orderId) => storeOrder(stage, client, { orderId })));
    });
    after(() => stage.close());
    const next = async (query: Query) => (await page(api, client, { limit: "1", ...query })).next!;
    async function refused(query: Query, code: string, paths: string[], who = client) {
        const { status, body, text } = await api.invoke({ path: "/pedidos", client: who, query });
        assert.deepEqual([status, body.code], [400, code]);
        assert.deepEqual(
            body.issues.map(({ path }: { path: string }) => path),
            paths,
        );
        assert.ok(Object.values(query).every((value) => value.length < 4 || !text.includes(value)));
    }

    it("may have a cursor of another environment, also when both signed their first at the same instant", async () => {
        const both = atOnce(2);
        stage.proxies.intercept = ({ label }) => (label === "GetItem" || label === "PutItem" ? both() : "forward");

        const pages = await Promise.all([api, other].map((one) => page(one, client, { limit: "1" })));

        stage.proxies.reset();
        assert.equal((await itemsOf(stage, "#secrets")).length, 1);
        assert.equal(pages[0].next, pages[1].next);
        for (const one of [api, other]) {
            assert.deepEqual((await page(one, client, { cursor: pages[0].next! })).ids, ids.slice(1));
        }
    });

    it("may change its limit from page to page", async () => {
        const cursor = await next({});

        assert.deepEqual((await page(api, client, { limit: "2", cursor })).ids, ids.slice(1));
    });

    it("is refused with a limit that is no whole number from 1 to 100", async () => {
        for (const limit of ["0", "101", "1000", "-1", "1.5", "01", "+1", " 1", "1 ", "1e1", "0x1", "ten", ""]) {
            await refused({ limit }, "VALIDATION_FAILED", ["limit"]);
        }
    });

    it("is refused with a status that there is not, and reports all that is wrong with it", async () => {
        for (const status of ["PENDING", "deleted", "pending,failed", ""]) {
            await refused({ status }, "VALIDATION_FAILED", ["status"]);
        }
        await refused({ limit: "0", status: "x" }, "VALIDATION_FAILED", ["limit", "status"]);
    });

    it("is refused with a cursor that is damaged or made up", async () => {
        const cursor = await next({});
        const forged = Buffer.from(cursor, "base64url");
        forged[15] ^= 1;
        for (const bad of [
            ...["", "x", ids[0], cursor.slice(0, -1), cursor.slice(1), `${cursor}A`, `${cursor}=`, cursor + cursor],
            ...[cursor.toLowerCase(), cursor.toUpperCase(), forged.toString("base64url")],
            ...[Buffer.alloc(32).toString("base64url"), JSON.stringify({ owner: client, id: ids[0] })],
        ]) {
            await refused({ cursor: bad }, "INVALID_CURSOR", ["cursor"]);
        }
    });

    it("is refused with a cursor of another client, or of a list of another status", async () => {
        const [all, pending] = [await next({}), await next({ status: "pending" })];

        await refused({ cursor: all }, "INVALID_CURSOR", ["cursor"], newClient());
        await refused({ cursor: all, status: "pending" }, "INVALID_CURSOR", ["cursor"]);
        await refused({ cursor: pending }, "INVALID_CURSOR", ["cursor"]);
        await refused({ cursor: pending, status: "failed" }, "INVALID_CURSOR", ["cursor"]);
        assert.deepEqual((await page(api, client, { cursor: pending, status: "pending" })).ids, ids.slice(1));
    });

    it("asks the database for nothing but the secret when its cursor is refused", async () => {
        await refused({ cursor: "x" }, "INVALID_CURSOR", ["cursor"]);

        assert.deepEqual(
            stage.proxies.calls.filter((label) => label !== "GetItem"),
            [],
        );
    });

    it("loses its cursors with the secret that signed them, in new environments", async () => {
        const cursor = await next({});
        const Key = { owner: { S: "#secrets" }, id: { S: "cursors" } };
        await stage.dynamoDb.admin.send(new DeleteItemCommand({ TableName: "orders", Key }));
        const fresh = await start(stage.env);

        const { status } = await fresh.invoke({ path: "/pedidos", client, query: { cursor } });

        assert.equal(status, 400);
        assert.deepEqual((await page(fresh, client, { limit: "3" })).ids, ids);
    });

    it("is answered 503 while the database can't be reached, and well when it can be again, in a new environment, too", async () => {
        const fresh = await start(stage.env);
        for (const broken of ["Query", "GetItem"]) {
            stage.proxies.intercept = ({ label }) => (label === broken ? "cut" : "forward");
            const { status, body, text, output } = await fresh.invoke({
                path: "/pedidos",
                client,
                query: { limit: "1" },
            });
            assert.deepEqual([status, body.code], [503, "SERVICE_UNAVAILABLE"], broken);
            assert.doesNotMatch(text + output, /127\.0\.0\.1|wJalr|socket/);
        }
        stage.proxies.reset();

        const first = await page(fresh, client, { limit: "2" });
        assert.deepEqual((await page(fresh, client, { cursor: first.next! })).ids, ids.slice(2));
    });

    it("can make and read the secret in no other partition: the role lets it read no order by its key", async () => {
        const [, , secrets] = listStatements;
        await stage.dynamoDb.allow(secrets);
        const { status, text } = await api.invoke({ path: "/pedidos", client });
        await stage.dynamoDb.allow(...listStatements);

        assert.equal(status, 503);
        assert.ok(!text.includes(tableArn));
    });

    it("may come from pages, as may what POST reads: the preflight says so for both", async () => {
        const headers = { origin: "https://app.example", "access-control-request-method": "POST" };

        const answer = await api.invoke({ method: "OPTIONS", path: "/pedidos", headers });

        assert.equal(answer.status, 204);
        assert.match(answer.headers["access-control-allow-methods"], /POST.*GET|GET.*POST/);
        assert.match(answer.headers["access-control-allow-headers"], /Idempotency-Key/);
    });

    it("is answered 401 for whom the authorizer did not let in", async () => {
        assert.equal((await api.invoke({ path: "/pedidos" })).status, 401);
    });
});
