import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ECSClient, RunTaskCommand, type RunTaskCommandInput, type Task } from "@aws-sdk/client-ecs";
import { authenticate } from "../../../../local/gateway/authenticate";
import { createCredentials } from "../../../../local/gateway/credentials";
import { createGateway } from "../../../../local/gateway/server";
import { createAuthorizer } from "../../../../local/iam/authorizer";
import { createEcs, type Ecs, type EcsOptions } from "../../../../local/services/ecs/ecs";
import { createIam } from "../../../../local/services/iam/iam";
import type { PlannedResource } from "../../../../plan/types";
import { resource, trustOf } from "../../iam/support/resources";
import { createFeed, type Feed } from "./feed";

export const account = "123456789012";
export const region = "us-east-1";
export const prefix = `arn:aws:ecs:${region}:${account}:`;
export const clusterArn = `${prefix}cluster/shop`;
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;

/** The `detail` of an "ECS Task State Change" event. */
export type Detail = Record<string, any>;

/** ECS behind the gateway of the local run: signatures and policies count. */
export interface EcsServer {
    readonly ecs: Ecs;
    /** Of a session of the role `starter`. */
    readonly client: ECSClient;
    readonly events: Feed<Detail>;
    /** Whole entries of events, oldest first. */
    readonly entries: Detail[];
    /** Lines of logs. */
    readonly lines: Feed<string>;
    readonly streams: Set<string>;
    readonly printed: string[];
    readonly dataDir: string;
    /** What a role may do from now on. */
    allow(role: string, statements: readonly object[], trusted?: string): Promise<void>;
    /** Runs a task of a family and answers it. */
    run(family: string, input?: Partial<RunTaskCommandInput>): Promise<Task>;
    /** The event of a task's end. */
    stopped(task: Task): Promise<Detail>;
    /** Ends it; the folder stays when `keep` is true. */
    close(keep?: boolean): Promise<void>;
}

export const everything = { Effect: "Allow", Action: "*", Resource: "*" };

/** What RunTask needs besides the task definition. */
export const onFargate: Pick<RunTaskCommandInput, "cluster" | "launchType" | "networkConfiguration"> = {
    cluster: "shop",
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
};

/** Starts it with the cluster `shop`, and roles `starter`, `task` and `execution` that may do everything. */
export async function startEcs(
    resources: readonly PlannedResource[],
    options: Partial<EcsOptions> = {},
): Promise<EcsServer> {
    const dataDir = options.dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), "ecs-test-"));
    const iam = createIam();
    const printed: string[] = [];
    const authorizer = createAuthorizer({ account, region, roles: iam, trace: () => {}, warn: () => {} });
    const credentials = createCredentials();
    const events = createFeed<Detail>();
    const entries: Detail[] = [];
    const lines = createFeed<string>();
    const streams = new Set<string>();
    let url = "";
    const ecs = createEcs({
        ...{ dataDir, account, region, authorizer, credentials, roles: iam },
        logs: {
            has: (group) => group === "/ecs/shop",
            put(_, stream, added) {
                streams.add(stream);
                added.forEach(lines.add);
            },
        },
        endpoint: () => url,
        localise: (value) => value.replace("https://sqs.us-east-1.amazonaws.com", "http://127.0.0.1:1"),
        events: {
            putEvent(entry) {
                const copy = JSON.parse(JSON.stringify(entry)) as Detail;
                entries.push(copy);
                events.add(copy.detail as Detail);
            },
        },
        print: (line) => printed.push(line),
        folder: dataDir,
        restartDelaysMs: [0],
        ...options,
    });
    const policies = new Map<string, PlannedResource>();
    const allow: EcsServer["allow"] = async (role, statements, trusted = "ecs-tasks.amazonaws.com") => {
        const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
        const inlinePolicies = statements.length > 0 ? [{ name: "own", policy }] : [];
        const inputs = { name: role, assumeRolePolicy: trustOf({ Service: trusted }), inlinePolicies };
        policies.set(role, resource("aws:iam/role:Role", inputs, { arn: roleArn(role), uniqueId: `AROA${role}` }));
        for (const planned of policies.values()) await iam.apply["aws:iam/role:Role"](planned);
        await iam.ready?.();
    };
    for (const role of ["starter", "task", "execution"]) await allow(role, [everything]);
    const gateway = createGateway({
        apis: [ecs],
        paths: {},
        authenticate: (request, requestId) => authenticate(request, credentials, { requestId }),
    });
    url = `http://127.0.0.1:${await gateway.listen(0)}`;
    await applyAll(ecs, resources).catch(async (error: unknown) => {
        await gateway.close(0);
        await ecs.close();
        if (options.dataDir === undefined) fs.rmSync(dataDir, { recursive: true });
        throw error;
    });
    const principal = { type: "role", roleArn: roleArn("starter"), sessionName: "s" } as const;
    const { expiration: _, ...keys } = credentials.issue(principal, { durationSeconds: 3600 });
    const client = new ECSClient({ endpoint: url, region, credentials: keys, maxAttempts: 1 });
    return {
        ...{ ecs, client, events, entries, lines, streams, printed, dataDir, allow },
        async run(family, input = {}) {
            const { tasks } = await client.send(new RunTaskCommand({ ...onFargate, taskDefinition: family, ...input }));
            return tasks![0];
        },
        stopped: ({ taskArn }) =>
            events.next((detail) => detail.taskArn === taskArn && detail.lastStatus === "STOPPED"),
        async close(keep = false) {
            client.destroy();
            await gateway.close(0);
            await ecs.close();
            if (!keep) fs.rmSync(dataDir, { recursive: true });
        },
    };
}

/** Applies a whole plan, with the cluster `shop`, as the local run does. */
export async function applyAll(ecs: Ecs, resources: readonly PlannedResource[]): Promise<void> {
    const cluster = resource("aws:ecs/cluster:Cluster", { name: "shop" }, { arn: clusterArn });
    for (const planned of [cluster, ...resources]) await ecs.apply[planned.type](planned);
    await ecs.ready?.();
}
