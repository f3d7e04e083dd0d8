import type { RunTaskCommandInput, StopTaskCommandInput } from "@aws-sdk/client-ecs";
import { fromVariables, type Command } from "../../../../handlers/orderService/starting/command";
import type { SweepReport } from "../../../../handlers/orderService/sweepOrders";
import type { Way } from "../../../../handlers/orderService/sweepRules";
import type { OrderTable } from "../../../../handlers/orderService/table/orderTable";
import type { FactorySource, StartHandler } from "../../../support/bothForms";
import type { RawInvocation, RunningHandler } from "../../../support/invoke";
import type { FakeEcs } from "./fakeEcs";
import { endAll } from "./openOrder";
import { startOrderStage, type OrderStage } from "./orderStage";
import { changeOrders, findDueOrders } from "./stoppedTask";

/** Nothing done; a test says what was. */
export const nothing: SweepReport = { started: 0, notStarted: 0, failed: 0, stopped: 0 };

export const sweepSource = (way: Way): FactorySource => ({
    ...{ module: "handlers/orderService/sweepOrders.ts", factory: "sweepOrdersFactory", args: [way] },
});

/** A sweep's world. */
export interface SweepStage {
    stage(): OrderStage;
    table(): OrderTable;
    /** Sweeps, with two minutes left or as said. */
    sweep(remainingMs?: number): Promise<RawInvocation>;
    /** Two sweeps at once, each in a process of its own. */
    sweepTwice(): Promise<RawInvocation[]>;
}

/** A stage for the suite, and two processes of the sweep, which may do exactly what its statements in the component say. */
export function sweepStage(start: StartHandler, env: () => Readonly<Record<string, string>> = () => ({})): SweepStage {
    let stage: OrderStage;
    let handlers: RunningHandler[];
    before(async () => {
        stage = await startOrderStage();
        const own = { CLUSTER: "quartet-orders", METRICS_NAMESPACE: "quartet-test-orders", ...env() };
        handlers = [await start({ ...stage.env, ...own }), await start({ ...stage.env, ...own })];
    });
    beforeEach(async () => {
        await stage.dynamoDb.allow(findDueOrders, changeOrders);
        stage.proxies.reset();
        stage.ecs.reset();
    });
    afterEach(() => endAll(stage.table));
    after(() => stage.close());
    return {
        stage: () => stage,
        table: () => stage.table,
        sweep: (remainingMs = 120_000) => handlers[0].invokeEvent({}, remainingMs),
        sweepTwice: () => Promise.all(handlers.map((handler) => handler.invokeEvent({}, 120_000))),
    };
}

/** The commands that tasks were started with. */
export function startedWith(ecs: FakeEcs): Command[] {
    return ecs.started().filter(isRun).map(commandIn);
}

/** Tasks that were to be stopped. */
export function stopsOf(ecs: FakeEcs): StopTaskCommandInput[] {
    return ecs.requests.filter((request) => !isRun(request)) as object[] as StopTaskCommandInput[];
}

/** The fake keeps both. */
function isRun({ taskDefinition }: RunTaskCommandInput): boolean {
    return taskDefinition !== undefined;
}

function commandIn({ overrides }: RunTaskCommandInput): Command {
    const { environment = [] } = overrides!.containerOverrides![0];
    return fromVariables(Object.fromEntries(environment.map(({ name, value }) => [name, value])))!;
}
