import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { PlannedResource } from "../../../../plan/types";
import { resource } from "../../iam/support/resources";
import { clusterArn, prefix, region, roleArn } from "./ecsServer";

const programs = fs.mkdtempSync(path.join(os.tmpdir(), "ecs-programs-"));
process.once("exit", () => fs.rmSync(programs, { recursive: true, force: true }));

/** A task definition with one container, which runs this text as its program. */
export function task(
    family: string,
    source: string,
    container: Record<string, unknown> = {},
    inputs: Record<string, unknown> = {},
): PlannedResource {
    const entry = path.join(programs, `${crypto.randomUUID()}.js`);
    fs.writeFileSync(entry, source);
    return taskOf(family, [containerOf({ dockerLabels: { "quartet.local.entry": entry }, ...container })], inputs);
}

export function containerOf(container: Record<string, unknown>): Record<string, unknown> {
    const options = { "awslogs-group": "/ecs/shop", "awslogs-region": region, "awslogs-stream-prefix": "app" };
    return { name: "main", image: "shop:1", logConfiguration: { logDriver: "awslogs", options }, ...container };
}

export function taskOf(
    family: string,
    containers: readonly Record<string, unknown>[],
    inputs: Record<string, unknown> = {},
): PlannedResource {
    const given = {
        family,
        containerDefinitions: JSON.stringify(containers),
        cpu: "256",
        memory: "512",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        executionRoleArn: roleArn("execution"),
        taskRoleArn: roleArn("task"),
        ...inputs,
    };
    return resource("aws:ecs/taskDefinition:TaskDefinition", given, { arn: arnOf(family), revision: 1 });
}

export function service(name: string, family: string, desiredCount: number): PlannedResource {
    const inputs = {
        ...{ name, desiredCount, cluster: clusterArn, taskDefinition: arnOf(family), launchType: "FARGATE" },
        networkConfiguration: { subnets: ["subnet-1"] },
    };
    return resource("aws:ecs/service:Service", inputs);
}

export const arnOf = (family: string) => `${prefix}task-definition/${family}:1`;

/** Tells its process id, and goes on until it gets SIGTERM. */
export const worker = 'console.log("pid " + process.pid); setInterval(() => {}, 1000);';
