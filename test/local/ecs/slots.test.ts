import * as assert from "node:assert/strict";
import { StopTaskCommand, type Task } from "@aws-sdk/client-ecs";
import { service, task, worker } from "./support/definitions";
import { startEcs, type EcsServer } from "./support/ecsServer";

const MOST = 2;

describe("ECS tasks beyond those that may run at the same time", () => {
    let server: EcsServer;

    beforeEach(async () => {
        server = await startEcs([task("worker", worker), service("steady", "worker", MOST)], { maxRunning: MOST });
    });
    afterEach(() => server.close());

    const reached = ({ taskArn }: Task, state: string) =>
        server.events.next((detail) => detail.taskArn === taskArn && detail.lastStatus === state);
    const stop = ({ taskArn }: Task) => server.client.send(new StopTaskCommand({ cluster: "shop", task: taskArn }));
    const states = ({ taskArn }: Task) =>
        server.entries.filter(({ detail }) => detail.taskArn === taskArn).map(({ detail }) => detail.lastStatus);
    const fill = async () => {
        const first = [await server.run("worker"), await server.run("worker")];
        await Promise.all(first.map((started) => reached(started, "RUNNING")));
        return first;
    };

    it("wait in PENDING, beside a service's tasks that take no place, and run in turn when another ends", async () => {
        const [first] = await fill();
        const third = await server.run("worker");
        const fourth = await server.run("worker");
        await reached(fourth, "PENDING");

        await stop(first);
        await reached(third, "RUNNING");

        assert.deepEqual(states(fourth), ["PROVISIONING", "PENDING"]);
    });

    it("end without having run when they are stopped, and leave the next place to others", async () => {
        const [first] = await fill();
        const third = await server.run("worker");
        const fourth = await server.run("worker");
        await reached(third, "PENDING");

        await stop(third);
        const end = await server.stopped(third);
        await stop(first);
        await reached(fourth, "RUNNING");

        assert.equal(end.containers[0].exitCode, undefined);
        assert.deepEqual(states(third), ["PROVISIONING", "PENDING", "STOPPED"]);
    });
});
