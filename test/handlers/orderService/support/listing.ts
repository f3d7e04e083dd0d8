import * as assert from "node:assert/strict";
import type { RunningHandler } from "../../../support/invoke";
import { tableArn } from "./orderStage";

/** What lists orders. */
export const listSource = { module: "handlers/orderService/listOrders.ts", factory: "listOrdersFactory", args: [] };

/** What its role may do, and nothing else. */
export const listStatements = [
    { Effect: "Allow", Action: ["dynamodb:Query", "dynamodb:BatchGetItem"], Resource: tableArn },
    { Effect: "Allow", Action: "dynamodb:Query", Resource: `${tableArn}/index/by_status` },
    {
        ...{ Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: tableArn },
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["#secrets"] } },
    },
];

export type Query = Readonly<Record<string, string>>;

/** A page of a list that is there. */
export async function page(api: RunningHandler, client: string, query: Query = {}) {
    const { status, body } = await api.invoke({ path: "/pedidos", client, query });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(Object.keys(body), ["items", "next_cursor"]);
    const ids = (body.items as { order_id: string }[]).map(({ order_id }) => order_id);
    return { ids, items: body.items as Record<string, any>[], next: body.next_cursor as string | null };
}

/** Ids of a whole list, page by page. @param between Done after each page, with what was seen. */
export async function walk(
    api: RunningHandler,
    client: string,
    query: Query,
    between: (seen: readonly string[], pages: number) => Promise<void> = async () => {},
): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let pages = 1; pages === 1 || cursor !== null; pages++) {
        assert.ok(pages < 100, "the list does not end");
        const { ids, next }: Awaited<ReturnType<typeof page>> = await page(api, client, {
            ...query,
            ...(cursor === null ? {} : { cursor }),
        });
        assert.ok(ids.length <= Number(query.limit ?? 20), "a page has more than asked for");
        seen.push(...ids);
        cursor = next;
        await between(seen, pages);
    }
    return seen;
}
