import { toVariables } from "../../../../handlers/orderService/starting/command";
import type { StoredOrder } from "../../../../handlers/orderService/table/orderTable";
import type { StoppedDetail } from "../../../../handlers/orderService/taskStopped";
import type { FactorySource, StartHandler } from "../../../support/bothForms";
import type { RunningHandler } from "../../../support/invoke";
import { commandOf, endAll, runOf } from "./openOrder";
import { startOrderStage, tableArn, type OrderStage } from "./orderStage";

/** Statements of the functions that look after orders, as the component makes them. */
export const changeOrders = { Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: tableArn };
export const findDueOrders = { Effect: "Allow", Action: "dynamodb:Query", Resource: `${tableArn}/index/by_due` };

/** The task whose end is told. */
export const own = runOf("own");

export const sourceOf = (way: string): FactorySource => ({
    ...{ module: "handlers/orderService/taskStopped.ts", factory: "taskStoppedFactory", args: [way] },
});

/** The end of a task that had exit code 3. */
export function exited(more: Partial<StoppedDetail> = {}): StoppedDetail {
    return {
        taskArn: own,
        stopCode: "EssentialContainerExited",
        stoppedReason: `Essential container in task exited: ${own}`,
        containers: [{ exitCode: 3 }],
        overrides: { containerOverrides: [{}] },
        ...more,
    };
}

/** The end of the task that an order's start brought about. */
export function ofStart(order: StoredOrder, more: Partial<StoppedDetail> = {}): StoppedDetail {
    const environment = Object.entries(toVariables(commandOf(order))).map(([name, value]) => ({ name, value }));
    return exited({ overrides: { containerOverrides: [{ environment }] }, ...more });
}

/** A stage for the suite with these statements, and the function. */
export function onStage(start: StartHandler, ...allowed: object[]) {
    let stage: OrderStage;
    let handler: RunningHandler;
    before(async () => {
        stage = await startOrderStage(...allowed);
        handler = await start({ ...stage.env, METRICS_NAMESPACE: "quartet-test-orders" });
    });
    beforeEach(() => stage.proxies.reset());
    afterEach(() => endAll(stage.table));
    after(() => stage.close());
    return {
        stage: () => stage,
        table: () => stage.table,
        stop: (detail: StoppedDetail) => handler.invokeEvent({ id: "event-1", detail }),
    };
}
