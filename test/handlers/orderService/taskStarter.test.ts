import * as assert from "node:assert/strict";
import type { Command } from "../../../handlers/orderService/starting/command";
import { fromVariables } from "../../../handlers/orderService/starting/command";
import { taskStarter } from "../../../handlers/orderService/starting/taskStarter";
import { startFakeEcs, type FakeEcs } from "./support/fakeEcs";
import { taskSettings } from "./support/orderStage";
import { withVariables } from "./support/variables";

const command: Command = { client: "web", orderId: "o-1", command: 2, attempt: 3, requestId: "r-1" };

describe("what starts tasks", () => {
    let ecs: FakeEcs;
    before(async () => {
        ecs = await startFakeEcs();
    });
    withVariables(() => ({ AWS_ENDPOINT_URL_ECS: ecs.url }));
    beforeEach(() => ecs.reset());
    after(() => ecs.close());
    const start = (one = command, settings = taskSettings) => taskStarter(settings).start(one);

    it("asks for one task on Fargate, in the stack's network, that is told the command", async () => {
        await start();

        const { overrides, ...input } = ecs.requests[0];
        assert.deepEqual(input, {
            cluster: "quartet-orders",
            taskDefinition: "quartet-orders-process",
            launchType: "FARGATE",
            clientToken: "o-1-2-3",
            startedBy: "o-1",
            networkConfiguration: {
                awsvpcConfiguration: {
                    subnets: ["subnet-1", "subnet-2"],
                    securityGroups: ["sg-1"],
                    assignPublicIp: "DISABLED",
                },
            },
        });
        const [{ name, environment }, ...others] = overrides!.containerOverrides!;
        assert.deepEqual([name, others], ["process", []]);
        const variables = Object.fromEntries(environment!.map((one) => [one.name, one.value]));
        assert.deepEqual(fromVariables(variables), command);
    });

    it("gives tasks a public address only where they are to have one", async () => {
        await start(command, { ...taskSettings, assignPublicIp: true });

        assert.equal(ecs.requests[0].networkConfiguration?.awsvpcConfiguration?.assignPublicIp, "ENABLED");
    });

    it("says every start with a token of its own, and the same start with the same token", async () => {
        const starts = [
            command,
            { ...command, attempt: 4 },
            { ...command, command: 3 },
            { ...command, orderId: "o-2" },
        ];
        for (const one of [...starts, command]) {
            await start(one);
        }

        assert.equal(ecs.requests.length, 5);
        assert.equal(ecs.started().length, 4);
    });

    it("keeps tokens and tags within what ECS takes, for ids as orders have them", async () => {
        const most = { ...command, orderId: "0190a1b2-c3d4-7e5f-8a9b-0123456789ab", command: 999_999_999, attempt: 20 };

        await start(most);

        assert.match(ecs.requests[0].clientToken!, /^[\x21-\x7e]{1,64}$/);
        assert.match(ecs.requests[0].startedBy!, /^[\w/-]{1,128}$/);
    });

    it("fails, with ECS's reason, when ECS answers 200 and started nothing", async () => {
        ecs.fates.push("no capacity");

        await assert.rejects(start(), /RESOURCE:FARGATE no capacity/);
    });

    it("tries a start again that ECS throttled, with the same token", async () => {
        ecs.fates.push({ status: 400, code: "ThrottlingException" });

        await start();

        assert.deepEqual(
            ecs.requests.map(({ clientToken }) => clientToken),
            ["o-1-2-3", "o-1-2-3"],
        );
    });

    it("starts one task when the answer to the first try got lost", async () => {
        ecs.fates.push("cut after");

        await start();

        assert.equal(ecs.requests.length, 2);
        assert.equal(ecs.started().length, 1);
    });

    it("does not try again what ECS refused", async () => {
        ecs.fates.push({ status: 400, code: "AccessDeniedException" });

        await assert.rejects(start(), { name: "AccessDeniedException" });

        assert.equal(ecs.requests.length, 1);
    });

    it("gives up after some seconds when ECS does not answer", async () => {
        ecs.fates.push("hang");
        const started = performance.now();

        await assert.rejects(start(), { name: "AbortError" });

        const seconds = (performance.now() - started) / 1000;
        assert.ok(seconds > 7.5 && seconds < 10, `${seconds} s`);
    });
});
