import * as assert from "node:assert/strict";
import * as path from "node:path";
import { StopTaskCommand } from "@aws-sdk/client-ecs";
import { toVariables } from "../../../handlers/orderService/starting/command";
import { containerOf, task, taskOf, worker } from "../../local/ecs/support/definitions";
import { startEcs, type EcsServer } from "../../local/ecs/support/ecsServer";
import { startHandler, type RunningHandler } from "../../support/invoke";
import { commandOf, now, openOrder } from "./support/openOrder";
import { startOrderStage, tableArn, type OrderStage } from "./support/orderStage";

describe("an order whose task ends in the local run's ECS", () => {
    let stage: OrderStage;
    let ecs: EcsServer;
    let handler: RunningHandler;
    before(async () => {
        stage = await startOrderStage({ Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: tableArn });
        ecs = await startEcs([
            task("idle", ""),
            task("bad", "process.exit(3);"),
            task("hungry", "global.kept = Buffer.alloc(3e8, 1); setInterval(() => {}, 1000);", { memory: 128 }),
            task("hangs", worker),
            taskOf("missing", [containerOf({ dockerLabels: { "quartet.local.entry": "dist/none.js" } })]),
        ]);
        const module = path.resolve(__dirname, "../../..", "handlers/orderService/taskStopped.ts");
        const env = { ...stage.env, METRICS_NAMESPACE: "quartet-test-orders" };
        handler = await startHandler({ module, factory: "taskStoppedFactory", args: ["task"] }, env);
    });
    after(async () => {
        await handler.stop();
        await ecs.close();
        await stage.close();
    });

    async function reasonAfter(family: string): Promise<string | undefined> {
        const order = await openOrder(stage.table);
        const environment = Object.entries(toVariables(commandOf(order))).map(([name, value]) => ({ name, value }));
        const overrides = { containerOverrides: [{ name: "main", environment }] };
        const { taskArn } = await ecs.run(family, { overrides });
        if (family === "hangs") {
            await ecs.events.next((detail) => detail.taskArn === taskArn && detail.lastStatus === "RUNNING");
            await ecs.client.send(new StopTaskCommand({ cluster: "shop", task: taskArn }));
        }
        await ecs.stopped({ taskArn });
        const event = ecs.entries.find(({ detail }) => detail.taskArn === taskArn && detail.lastStatus === "STOPPED");
        assert.equal((await handler.invokeEvent(event!)).error, undefined);
        const { status, reason } = await now(stage.table, order);
        assert.equal(status, "failed");
        return reason;
    }

    for (const [family, reason] of Object.entries({
        idle: "The container ended without a result",
        bad: "The container ended with exit code 3",
        hungry: "The container ran out of memory",
        hangs: "The container was stopped by somebody",
        missing: "The container's image could not be pulled",
    })) {
        it(`fails: ${reason}`, async function () {
            // Nothing tells there how much memory a process has.
            if (family === "hungry" && process.platform === "win32") this.skip();

            assert.equal(await reasonAfter(family), reason);
        });
    }
});
