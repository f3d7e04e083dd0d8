import * as assert from "node:assert/strict";
import {
    DescribeClustersCommand,
    DescribeServicesCommand,
    StopTaskCommand,
    UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { arnOf, service, task, worker } from "./support/definitions";
import { applyAll, clusterArn, everything, prefix, startEcs, type Detail, type EcsServer } from "./support/ecsServer";

const serviceArn = `${prefix}service/shop/web`;

describe("ECS services", () => {
    let server: EcsServer;
    const resources = [task("web", worker), task("failing", "process.exit(1);")];

    beforeEach(async () => {
        server = await startEcs([...resources, service("web", "web", 2)], { maxTasks: 3 });
        await nthRunning(2);
    });
    afterEach(() => server.close());

    it("run as many tasks as they declare, as their own", async () => {
        const started = server.events.all.filter(({ lastStatus }) => lastStatus === "PROVISIONING");

        assert.deepEqual(
            started.map(({ group }) => group),
            ["service:web", "service:web"],
        );
        assert.match(started[0].startedBy, /^ecs-svc\/\d{19}$/);
        const { services } = await server.client.send(
            new DescribeServicesCommand({ cluster: "shop", services: ["web", "none"] }),
        );
        const { desiredCount, runningCount, pendingCount, taskDefinition } = services![0];
        assert.deepEqual([desiredCount, runningCount, pendingCount, taskDefinition], [2, 2, 0, arnOf("web")]);
    });

    it("replace a task that ended", async () => {
        const [{ taskArn }] = server.events.all;
        await server.client.send(new StopTaskCommand({ cluster: "shop", task: taskArn }));

        const { taskArn: replacement } = await nthRunning(3);

        assert.notEqual(replacement, taskArn);
    });

    it("wait longer before each replacement of tasks that fail at once", async () => {
        const other = await startEcs([...resources, service("failing", "failing", 1)], {
            restartDelaysMs: [0, 0, 3_600_000],
        });
        const failures: Detail[] = [];
        await other.events.next((detail) => detail.lastStatus === "STOPPED" && failures.push(detail) === 3);

        // A whole task's time, in which a replacement would have been started.
        await other.stopped(await other.run("failing"));

        const ofService = other.events.all.filter(({ group }) => group === "service:failing");
        assert.equal(new Set(ofService.map(({ taskArn }) => taskArn)).size, 3);
        await other.close();
    });

    it("scale in by UpdateService, the latest task first, and back out", async () => {
        const [first] = server.events.all;
        await update(1);
        const end = await server.events.next(({ lastStatus }) => lastStatus === "STOPPED");

        assert.equal(end.stopCode, "ServiceSchedulerInitiated");
        assert.match(end.stoppedReason, /^Scaling activity initiated by \(deployment ecs-svc\/\d+\)$/);
        assert.notEqual(end.taskArn, first.taskArn);
        await update(2);
        await nthRunning(3);
    });

    it("keep a count that was set when the same plan is applied again, and take a new one that is declared", async () => {
        server.ecs.setDesiredCount(serviceArn, 1);
        await server.events.next(({ lastStatus }) => lastStatus === "STOPPED");

        await applyAll(server.ecs, [...resources, service("web", "web", 2)]);
        const kept = await counts();
        await applyAll(server.ecs, [...resources, service("web", "web", 3)]);

        assert.equal(kept, 1);
        assert.equal(await counts(), 3);
    });

    it("replace their tasks when the definition changed, and end them when they are no longer declared", async () => {
        const changed = [task("web", worker, { environment: [{ name: "NEW", value: "1" }] }), service("web", "web", 1)];
        const old = new Set(server.events.all.map(({ taskArn }) => taskArn));
        await applyAll(server.ecs, changed);
        const stops = [...old].map((taskArn) => server.stopped({ taskArn }));
        await Promise.all(stops);
        const { taskArn } = await server.events.next(
            (detail) => detail.lastStatus === "RUNNING" && !old.has(detail.taskArn),
        );

        await applyAll(server.ecs, changed.slice(0, 1));

        assert.equal((await server.stopped({ taskArn })).stopCode, "ServiceSchedulerInitiated");
    });

    it("start what found no capacity as soon as another task ends", async () => {
        const busy = await server.run("web");
        await update(3);
        assert.match(
            server.printed.at(-1)!,
            /^\(service web\) was unable to place a task\. Reason: Capacity is unavailable/,
        );

        await server.client.send(new StopTaskCommand({ cluster: "shop", task: busy.taskArn }));

        await nthRunning(3);
    });

    it("are updated by those only who may", async () => {
        await server.allow("starter", [
            { ...everything, Action: "ecs:UpdateService", Resource: `${prefix}service/shop/else` },
        ]);

        await assert.rejects(update(0), {
            name: "AccessDeniedException",
            message: /ecs:UpdateService on resource: .*shop\/web/,
        });
    });

    it("are refused by name when they do not exist, or when more than the count is to change", async () => {
        const send = (input: object) =>
            server.client.send(new UpdateServiceCommand({ cluster: "shop", service: "web", ...input }));

        await assert.rejects(send({ service: "none", desiredCount: 1 }), { name: "ServiceNotFoundException" });
        await assert.rejects(send({ forceNewDeployment: true }), {
            name: "UnsupportedFeatureException",
            message: /forceNewDeployment/,
        });
        assert.throws(() => server.ecs.setDesiredCount(`${serviceArn}2`, 1), /There is no service/);
    });

    it("and their tasks count in the description of their cluster", async () => {
        const { clusters, failures } = await server.client.send(
            new DescribeClustersCommand({ clusters: ["shop", "none"] }),
        );

        const [{ clusterArn: arn, runningTasksCount, activeServicesCount }] = clusters!;
        assert.deepEqual([arn, runningTasksCount, activeServicesCount], [clusterArn, 2, 1]);
        assert.deepEqual(failures, [{ arn: `${prefix}cluster/none`, reason: "MISSING" }]);
    });

    /** The event of the task of the service that is the nth to run. */
    function nthRunning(n: number): Promise<Detail> {
        const running = new Set<string>();
        return server.events.next(
            ({ lastStatus, desiredStatus, group, taskArn }) =>
                lastStatus === "RUNNING" &&
                desiredStatus === "RUNNING" &&
                group === "service:web" &&
                running.add(taskArn).size === n,
        );
    }

    const update = (desiredCount: number) =>
        server.client.send(new UpdateServiceCommand({ cluster: "shop", service: "web", desiredCount }));

    async function counts(): Promise<number | undefined> {
        const { services } = await server.client.send(
            new DescribeServicesCommand({ cluster: "shop", services: ["web"] }),
        );
        return services![0].desiredCount;
    }
});
