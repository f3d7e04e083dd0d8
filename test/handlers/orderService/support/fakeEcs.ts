import * as events from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";

/**
 * How the fake treats a RunTask: as ECS does; by starting nothing, which ECS says with status 200; with an error; by closing the connection
 * after the task was started; or with no answer at all.
 */
export type RunFate =
    "start" | "no capacity" | "cut after" | "hang" | { readonly status: number; readonly code: string };

/** As much of ECS as it takes to start tasks, with faults on demand. It checks no signatures. */
export interface FakeEcs {
    readonly url: string;
    /** Every RunTask, refused ones too. */
    readonly requests: RunTaskCommandInput[];
    /** Those of them that started a task: of several with one client token, the first. */
    started(): RunTaskCommandInput[];
    /** Fates of the requests to come, first one first; when none is left, all start. */
    readonly fates: RunFate[];
    reset(): void;
    close(): Promise<void>;
}

/** Starts the fake on a free port of 127.0.0.1. */
export async function startFakeEcs(): Promise<FakeEcs> {
    const requests: RunTaskCommandInput[] = [];
    const tasks = new Map<string, RunTaskCommandInput>();
    const fates: RunFate[] = [];
    const listener = http.createServer((request, response) => {
        void Array.fromAsync(request as AsyncIterable<Buffer>).then((chunks) => {
            const input = JSON.parse(Buffer.concat(chunks).toString()) as RunTaskCommandInput;
            requests.push(input);
            settle(input, tasks, fates.shift() ?? "start", response);
        });
    });
    await events.once(listener.listen(0, "127.0.0.1"), "listening");
    return {
        url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
        requests,
        started: () => [...tasks.values()],
        fates,
        reset() {
            requests.length = 0;
            fates.length = 0;
            tasks.clear();
        },
        async close() {
            listener.closeAllConnections();
            await new Promise((resolve) => listener.close(resolve));
        },
    };
}

function settle(
    input: RunTaskCommandInput,
    tasks: Map<string, RunTaskCommandInput>,
    fate: RunFate,
    response: http.ServerResponse,
): void {
    if (fate === "hang") {
        return;
    }
    if (typeof fate === "object") {
        answer(response, fate.status, { __type: fate.code, message: "secret text of ECS" });
        return;
    }
    if (fate === "no capacity") {
        const failures = [{ arn: input.cluster, reason: "RESOURCE:FARGATE", detail: "no capacity" }];
        answer(response, 200, { tasks: [], failures });
        return;
    }
    if (!tasks.has(input.clientToken!)) {
        tasks.set(input.clientToken!, input);
    }
    if (fate === "cut after") {
        response.destroy();
        return;
    }
    answer(response, 200, { tasks: [{ taskArn: `arn:aws:ecs:task/${input.clientToken}` }], failures: [] });
}

function answer(response: http.ServerResponse, status: number, body: object): void {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
}
