import * as path from "node:path";
import type * as http from "node:http";
import type { AwsApi, AwsCall, ResourceProvider } from "../../gateway/types";
import type { RoleStore } from "../../iam/roles";
import type { Authorizer, Principal } from "../../iam/types";
import type { KeyService } from "../kms/types";
import { queueDeclarations, type Declarations } from "./declare";
import type { SqsEnvironment } from "./environment";
import { createMoveTasks } from "./moveTasks";
import { operationOf } from "./operations/operations";
import { readRequest, sendJson, writeSqsError } from "./protocol";
import { openMessageStore } from "./queue/messageStore";
import { createQueue, type Queue } from "./queue/queue";
import { queueService } from "./queueService";
import { checkRedrive } from "./redrive";
import { readSettings, type QueueSettings } from "./settings";
import type { QueueService } from "./types";

/** What {@link createSqs} needs. */
export interface SqsOptions {
    /** Folder of the local run; its `sqs` is made and used here. One process at a time may use it. */
    readonly dataDir: string;
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly keys: KeyService;
    /** Where SQS is reached, e.g. `http://127.0.0.1:4566`. */
    readonly endpoint: () => string;
    /** Where the unique ids of roles are found, for `SenderId`. @default the role's name stands for its id */
    readonly roles?: Pick<RoleStore, "find">;
    /** Milliseconds since 1970. @default the clock */
    readonly now?: () => number;
}

/** SQS of the local run: standard queues. */
export interface Sqs extends AwsApi, ResourceProvider, QueueService {
    /** @throws when a queue wants its dead letters in a queue that does not exist or does not allow it */
    ready(): Promise<void>;
    close(): Promise<void>;
}

/**
 * Makes SQS over a folder. The plan's resources are applied first, all of them at each change of the plan; `ready` then serves exactly these
 * queues. A queue that is no longer declared keeps its messages, and gets them back when it is declared again.
 */
export function createSqs({ dataDir, roles, now = Date.now, ...shared }: SqsOptions): Sqs {
    const { account, region } = shared;
    let declared: Declarations = new Map();
    let queues: ReadonlyMap<string, Queue> = new Map();
    /** All whose files are open. */
    const open = new Map<string, Queue>();
    const prefix = `arn:aws:sqs:${region}:${account}:`;
    const find = (arn: string) => (arn.startsWith(prefix) ? queues.get(arn.slice(prefix.length)) : undefined);
    const moveTasks = createMoveTasks(find, now);
    const environment: SqsEnvironment = {
        ...shared,
        now,
        queues: () => queues,
        find,
        senderId: (principal) => senderId(principal, account, roles),
        moveTasks,
    };

    async function serve(name: string, settings: QueueSettings): Promise<Queue> {
        const known = open.get(name);
        if (known !== undefined) {
            known.settings = settings;
            known.modified = now();
            return known;
        }
        const store = await openMessageStore(path.join(dataDir, "sqs", name), now());
        const queue = createQueue({ name, arn: `${prefix}${name}`, settings, store, now, find });
        open.set(name, queue);
        return queue;
    }

    async function closeQueues(names: readonly string[]): Promise<void> {
        const closing = names.flatMap((name) => open.get(name) ?? []);
        for (const name of names) open.delete(name);
        await Promise.all(closing.map((queue) => queue.close()));
    }

    return {
        ...queueService(environment),
        signingName: "sqs",
        apply: queueDeclarations(() => declared),
        async ready() {
            const wanted = new Map([...declared].map(([name, given]) => [name, readSettings(name, given)]));
            declared = new Map();
            for (const [name, settings] of wanted) {
                const target = (arn: string) => wanted.get(arn.startsWith(prefix) ? arn.slice(prefix.length) : "");
                named(name, () => checkRedrive(`${prefix}${name}`, settings, target));
            }
            const served = new Map<string, Queue>();
            for (const [name, settings] of wanted) served.set(name, await serve(name, settings));
            queues = served;
            await closeQueues([...open.keys()].filter((name) => !served.has(name)));
        },
        async close() {
            await moveTasks.close();
            queues = new Map();
            await closeQueues([...open.keys()]);
        },
        handle: (call, response) => answer(environment, call, response),
        writeError: writeSqsError,
    };
}

async function answer(environment: SqsEnvironment, call: AwsCall, response: http.ServerResponse): Promise<void> {
    const { principal, requestId } = call;
    const { operation, input } = await readRequest(call);
    const gone = new AbortController();
    const end = () => gone.abort();
    response.once("close", end);
    const { signal } = gone;
    const output = await operationOf(operation)({ environment, principal, requestId, input, signal });
    response.off("close", end);
    sendJson(response, 200, requestId, output);
}

/** SQS API Reference, ReceiveMessage: the id of a user, or of a role with its session. */
function senderId(principal: Principal, account: string, roles: SqsOptions["roles"]): string {
    switch (principal.type) {
        case "role": {
            const { roleArn, sessionName } = principal;
            const id = roles?.find(roleArn)?.id ?? roleArn.slice(roleArn.lastIndexOf("/") + 1);
            return `${id}:${sessionName}`;
        }
        case "service":
            return principal.service;
        case "admin":
        case "anonymous":
            return account;
    }
}

function named(name: string, check: () => void): void {
    try {
        check();
    } catch (error) {
        throw new Error(`queue ${name}: ${(error as Error).message}`, { cause: error });
    }
}
