import * as crypto from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { CredentialStore, IssuedCredentials } from "../../gateway/credentials";
import type { Principal } from "../../iam/types";
import { describeForMetadata } from "./description";
import { taskRoleOf, type Task, type TaskContainer } from "./types";

/** Where the containers of one task find their credentials and their metadata. */
export interface AgentPlace {
    /** Absent when the task has no role. */
    readonly credentials?: { readonly url: string; readonly token: string };
    metadataUrl(container: TaskContainer): string;
}

/** What a task's containers ask at 169.254.170.2 in AWS: a port of 127.0.0.1 for all tasks, opened with the first. */
export interface Agent {
    register(task: Task): Promise<AgentPlace>;
    forget(task: Task): void;
    close(): Promise<void>;
}

/** Sessions of task roles, in seconds. Source: ECS Developer Guide, "Task IAM role". */
const SESSION_SECONDS = 21_600;

/** Credentials that last for less than this are replaced, in milliseconds; SDKs ask again 5 minutes before their end. */
const RENEWED_BEFORE_MS = 900_000;

/** @param now Milliseconds since 1970. */
export function createAgent(credentials: Pick<CredentialStore, "issue">, now: () => number): Agent {
    /** What is answered to a path; the token is asked for when there is one. */
    const pages = new Map<string, Page>();
    const paths = new Map<Task, string[]>();
    let server: http.Server | undefined;
    let address: Promise<string> | undefined;

    function open(): Promise<string> {
        server = http.createServer((request, response) => answer(pages, request, response));
        const listening = server;
        return new Promise((resolve, reject) => {
            listening.once("error", reject);
            listening.listen(0, "127.0.0.1", () =>
                resolve(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`),
            );
        });
    }

    return {
        async register(task) {
            const url = await (address ??= open());
            const added: Record<string, Page> = {};
            const credentialsPath = `/v2/credentials/${crypto.randomUUID()}`;
            const token = crypto.randomBytes(32).toString("base64url");
            const roleArn = taskRoleOf(task);
            if (roleArn !== undefined) {
                added[credentialsPath] = { token, read: sessionOf(credentials, roleArn, task.id, now) };
            }
            for (const container of task.containers) {
                const path = `/v4/${container.runtimeId}`;
                added[path] = { read: () => describeForMetadata(task, container) };
                added[`${path}/task`] = { read: () => describeForMetadata(task) };
            }
            Object.entries(added).forEach(([path, page]) => pages.set(path, page));
            paths.set(task, Object.keys(added));
            return {
                ...(roleArn === undefined ? {} : { credentials: { url: `${url}${credentialsPath}`, token } }),
                metadataUrl: ({ runtimeId }) => `${url}/v4/${runtimeId}`,
            };
        },
        forget(task) {
            paths.get(task)?.forEach((path) => pages.delete(path));
            paths.delete(task);
        },
        async close() {
            await address;
            server?.closeAllConnections();
            await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
        },
    };
}

interface Page {
    readonly token?: string;
    readonly read: () => object;
}

/** The session of a role, replaced before it ends. */
function sessionOf(
    credentials: Pick<CredentialStore, "issue">,
    roleArn: string,
    sessionName: string,
    now: () => number,
): () => object {
    const principal: Principal = { type: "role", roleArn, sessionName };
    let issued: IssuedCredentials | undefined;
    return () => {
        if (issued === undefined || issued.expiration.getTime() - now() < RENEWED_BEFORE_MS) {
            issued = credentials.issue(principal, { durationSeconds: SESSION_SECONDS });
        }
        return {
            RoleArn: roleArn,
            AccessKeyId: issued.accessKeyId,
            SecretAccessKey: issued.secretAccessKey,
            Token: issued.sessionToken,
            Expiration: issued.expiration.toISOString(),
        };
    };
}

function answer(
    pages: ReadonlyMap<string, Page>,
    { url = "", method, headers }: http.IncomingMessage,
    response: http.ServerResponse,
): void {
    const page = method === "GET" ? pages.get(url) : undefined;
    if (page === undefined) {
        send(response, 404, { code: "NotFound", message: "There is nothing here." });
    } else if (page.token !== undefined && !sameText(page.token, headers.authorization ?? "")) {
        send(response, 401, { code: "AccessDenied", message: "The authorization token is wrong." });
    } else {
        send(response, 200, page.read());
    }
}

function sameText(one: string, other: string): boolean {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    return a.length === b.length && crypto.timingSafeEqual(a, b);
}

function send(response: http.ServerResponse, status: number, body: object): void {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
