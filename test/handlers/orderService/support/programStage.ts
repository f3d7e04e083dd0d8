import { toVariables } from "../../../../handlers/orderService/starting/command";
import type { OrderItem } from "../../../../handlers/orderService/orderSchema";
import { inSeconds } from "../../../../handlers/orderService/sweepRules";
import { insertOrder } from "../../../../handlers/orderService/table/insertOrder";
import type { StoredOrder } from "../../../../handlers/orderService/table/orderTable";
import { uuidv7 } from "../../../../handlers/shared/uuidv7";
import { startFakeMetadata, type FakeMetadata } from "./fakeMetadata";
import { commandOf, now } from "./openOrder";
import { input, startOrderStage, tableArn, type OrderStage } from "./orderStage";

/** What the container's program works with. */
export interface ProgramStage extends OrderStage {
    readonly metadata: FakeMetadata;
    /** Variables of a container in the task of this name, besides those that tell it what to do. */
    variables(task?: string): Record<string, string>;
}

/** A stage for the suite, with the one statement that the program's role has on the table. */
export function programStage(): () => ProgramStage {
    let stage: ProgramStage;
    before(async () => {
        const orders = await startOrderStage({
            Effect: "Allow",
            Action: "dynamodb:UpdateItem",
            Resource: tableArn,
        });
        const metadata = await startFakeMetadata();
        const { TASK: _, CORS_ORIGINS: __, AWS_ENDPOINT_URL_ECS: ___, ...env } = orders.env;
        stage = {
            ...{ ...orders, metadata },
            variables: (task = "own") => ({
                ...{ ...env, MOST_CENTS: "1000000", ECS_CONTAINER_METADATA_URI_V4: metadata.uri(task) },
            }),
            async close() {
                await metadata.close();
                await orders.close();
            },
        };
    });
    beforeEach(() => {
        stage.proxies.reset();
        stage.metadata.before = () => {};
    });
    after(() => stage.close());
    return () => stage;
}

/** Stores an order that is pending. Its total is 2100 unless it has other items. */
export async function storePending(
    { table }: ProgramStage,
    items: readonly OrderItem[] = input.items,
): Promise<StoredOrder> {
    const order = { client: "web", orderId: uuidv7(Date.now()), input: { ...input, note: "secret wish", items } };
    await insertOrder(table, { ...order, requestId: `r-${order.orderId}`, dueAt: inSeconds(120) });
    return now(table, order);
}

/** Variables of a container that has the order's command. */
export function variablesOf(order: StoredOrder): Record<string, string> {
    return toVariables(commandOf(order));
}
