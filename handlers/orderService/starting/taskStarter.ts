import * as ecs from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { jsonVariable } from "../../shared/env";
import { toVariables, type Starter } from "./command";

/** `TASK`: where and how tasks are started, as JSON. */
export function taskVariable() {
    return jsonVariable(
        v.object({
            cluster: v.string(),
            /** Family of the task definition: its latest revision is run. */
            family: v.string(),
            container: v.string(),
            subnets: v.array(v.string()),
            securityGroup: v.string(),
            assignPublicIp: v.boolean(),
        }),
    );
}

export type TaskSettings = v.InferOutput<ReturnType<typeof taskVariable>>;

/** Starts a Fargate task for each command. The same start said twice starts one task. */
export function taskStarter({ cluster, family, container, ...network }: TaskSettings): Starter {
    const client = new ecs.ECSClient({ requestHandler: { connectionTimeout: 2_000 } });
    return {
        async start(command) {
            const { orderId, attempt } = command;
            const environment = Object.entries(toVariables(command)).map(([name, value]) => ({ name, value }));
            const { tasks = [], failures = [] } = await client.send(
                new ecs.RunTaskCommand({
                    cluster,
                    taskDefinition: family,
                    launchType: "FARGATE",
                    clientToken: `${orderId}-${command.command}-${attempt}`,
                    startedBy: orderId,
                    networkConfiguration: {
                        awsvpcConfiguration: {
                            subnets: network.subnets,
                            securityGroups: [network.securityGroup],
                            assignPublicIp: network.assignPublicIp ? "ENABLED" : "DISABLED",
                        },
                    },
                    overrides: { containerOverrides: [{ name: container, environment }] },
                }),
                { abortSignal: AbortSignal.timeout(START_MS) },
            );
            // ECS answers 200 also when it started nothing.
            if (tasks.length === 0) {
                throw new Error(failures.map(({ reason, detail }) => [reason, detail].join(" ")).join("; "));
            }
        },
    };
}

/** ECS takes a second or two; who waits is the client. */
const START_MS = 8_000;
