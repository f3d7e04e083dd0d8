import * as events from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { runOf } from "./openOrder";

/** As much of ECS's metadata endpoint as tells containers of which task they are. */
export interface FakeMetadata {
    /** `ECS_CONTAINER_METADATA_URI_V4` of a container in the task of this name. */
    uri(task: string): string;
    /** Called before each answer. */
    before: () => void | Promise<void>;
    close(): Promise<void>;
}

/** Starts the fake on a free port of 127.0.0.1. The task `none` is unknown to it. */
export async function startFakeMetadata(): Promise<FakeMetadata> {
    const listener = http.createServer((request, response) => void answer(request, response));
    await events.once(listener.listen(0, "127.0.0.1"), "listening");
    const metadata: FakeMetadata = {
        uri: (task) => `http://127.0.0.1:${(listener.address() as AddressInfo).port}/v4/${task}`,
        before: () => {},
        async close() {
            listener.closeAllConnections();
            await new Promise((resolve) => listener.close(resolve));
        },
    };
    async function answer({ url }: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
        await metadata.before();
        const [, task] = /^\/v4\/([^/]+)\/task$/.exec(url!) ?? [];
        const known = task !== undefined && task !== "none";
        response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
        response.end(JSON.stringify(known ? { TaskARN: runOf(task), Family: "quartet-orders-process" } : {}));
    }
    return metadata;
}
