import * as crypto from "node:crypto";
import * as path from "node:path";
import type { PlannedResource } from "../../../plan/types";
import type { CredentialStore } from "../../gateway/credentials";
import type { ResourceProvider } from "../../gateway/types";
import type { Authorizer, Principal } from "../../iam/types";
import { mappedArns, prepareCluster } from "./catalog";
import { certificateIn, type Certificate } from "./certificate";
import { startPostgres, type PostgresServer } from "./postgres/server";
import { startProxy, type Proxy } from "./proxy/proxy";
import { verifyToken } from "./token";

export interface DsqlOptions {
    /** Folder of the local run; its `dsql` is made and used here. One process at a time may use it. */
    readonly dataDir: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly credentials: Pick<CredentialStore, "find">;
    readonly print: (line: string) => void;
    /** Milliseconds since 1970. @default Date.now */
    readonly now?: () => number;
}

/** Aurora DSQL of the local run: for each cluster a PostgreSQL server, and before it a proxy that admits holders of valid tokens alone. */
export interface Dsql extends ResourceProvider {
    /** File of the certificate that clients must trust. It exists when a cluster does. */
    readonly caFile: string;
    /** `127.0.0.1:<port>` of a cluster, by the host of its endpoint at AWS; undefined when there is no such cluster. */
    addressOf(host: string): string | undefined;
    /** Resolves when all clusters take connections. */
    ready(): Promise<void>;
    close(): Promise<void>;
}

export function createDsql(options: DsqlOptions): Dsql {
    const { region, dataDir } = options;
    const folder = path.join(dataDir, "dsql");
    const clusters = new Map<string, Promise<Cluster>>();
    const started = new Map<string, Cluster>();
    let certificate: Promise<Certificate> | undefined;
    return {
        caFile: path.join(folder, "certificate.pem"),
        addressOf(host) {
            const cluster = started.get(host);
            return cluster && `127.0.0.1:${cluster.proxy.port}`;
        },
        apply: {
            "aws:dsql/cluster:Cluster": (resource) => {
                const host = `${resource.id}.dsql.${region}.on.aws`;
                certificate ??= certificateIn(folder, `*.dsql.${region}.on.aws`);
                if (!clusters.has(host)) {
                    const starting = startCluster(resource, host, certificate, options);
                    // Others are applied meanwhile; `ready` waits, and throws what went wrong.
                    starting.then((cluster) => started.set(host, cluster)).catch(() => undefined);
                    clusters.set(host, starting);
                }
            },
        },
        async ready() {
            await Promise.all(clusters.values());
        },
        async close() {
            const all = await Promise.allSettled(clusters.values());
            await Promise.all(
                all.map(async (result) => {
                    if (result.status === "fulfilled") {
                        await result.value.proxy.close();
                        await result.value.server.close();
                    }
                }),
            );
        },
    };
}

interface Cluster {
    readonly server: PostgresServer;
    readonly proxy: Proxy;
}

async function startCluster(
    { id, outputs, inputs }: PlannedResource,
    host: string,
    certificate: Promise<Certificate>,
    { dataDir, authorizer, credentials, print, now = Date.now }: DsqlOptions,
): Promise<Cluster> {
    const server = await startPostgres({ folder: path.join(dataDir, "dsql", id), print });
    await prepareCluster(server.socket);
    const tags = Object.entries((inputs.tags as Record<string, string> | undefined) ?? {});
    const context = Object.fromEntries(tags.map(([name, value]) => [`aws:ResourceTag/${name}`, value]));
    const admit = async (user: string, token: string) => {
        let principal: Principal;
        try {
            const verified = verifyToken(token, ["127.0.0.1", host], credentials, now());
            principal = verified.principal;
            if ((verified.action === "dsql:DbConnectAdmin") !== (user === "admin")) return false;
            const request = { principal, action: verified.action, resource: String(outputs.arn), context };
            authorizer.authorize(request, crypto.randomUUID());
        } catch {
            // A token that is wrong in any way; what IAM refuses is in the trace, with the reason.
            return false;
        }
        if (user === "admin") return true;
        return principal.type === "role" && (await mappedArns(server.socket, user)).includes(principal.roleArn);
    };
    const socket = async () => {
        await server.ready();
        return server.socket;
    };
    return { server, proxy: await startProxy({ certificate: await certificate, admit, socket }) };
}
