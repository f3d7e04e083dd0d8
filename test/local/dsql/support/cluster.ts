import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pg from "pg";
import { createCredentials } from "../../../../local/gateway/credentials";
import { createAuthorizer } from "../../../../local/iam/authorizer";
import { createDsql, type Dsql } from "../../../../local/services/dsql/dsql";
import { createIam } from "../../../../local/services/iam/iam";
import { presign, type Keys } from "../../../support/sign";
import { resource, trustOf } from "../../iam/support/resources";

export const region = "us-east-1";
export const account = "123456789012";
export const id = "abcdefghijklmnopqrstuvwxyz";
export const arn = `arn:aws:dsql:${region}:${account}:cluster/${id}`;
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
export const adminKeys = { accessKeyId: "AKIAADMIN", secretAccessKey: "secret" };

/** A cluster of the local run, with the roles `app` and `other`, which may connect to it as its tag says, and `poor`, which may not. */
export interface TestCluster {
    readonly dsql: Dsql;
    readonly dataDir: string;
    readonly host: string;
    readonly port: number;
    /** What the run printed. */
    readonly printed: string[];
    /** What it noted in the trace. */
    readonly traced: unknown[];
    /** Keys of a session of a role. */
    keysOf(role: string, durationSeconds?: number): Keys;
    /** A token; each part may be another than the right one. */
    token(token?: Partial<TokenParts>): string;
    /** Connects. */
    connect(as: { user: string; password: string } & Partial<pg.ClientConfig>): Promise<pg.Client>;
    /** Runs statements as `admin`, one after the other, and answers the rows of the last. */
    admin(...statements: string[]): Promise<any[]>;
    /** Process id of the server. */
    pid(): number;
    /** Ends it, and starts it again over the same data. */
    restart(): Promise<void>;
    close(): Promise<void>;
}

export interface TokenParts {
    readonly keys: Keys;
    readonly action: string;
    readonly host: string;
    readonly service: string;
    readonly expires: number;
    readonly date: Date;
}

export async function startCluster(): Promise<TestCluster> {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "dsql-test-"));
    const iam = createIam();
    const connect = (action: string) => ({
        ...{ Effect: "Allow", Action: action, Resource: `arn:aws:dsql:${region}:${account}:cluster/*` },
        Condition: { StringEquals: { "aws:ResourceTag/Name": "files" } },
    });
    const roles = { app: [connect("dsql:DbConnect")], other: [connect("dsql:DbConnect")], poor: [] };
    for (const [name, statements] of Object.entries(roles)) {
        const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
        const inputs = {
            ...{ name, assumeRolePolicy: trustOf({ Service: "lambda.amazonaws.com" }) },
            inlinePolicies: statements.length > 0 ? [{ name: "own", policy }] : [],
        };
        await iam.apply["aws:iam/role:Role"](
            resource("aws:iam/role:Role", inputs, { arn: roleArn(name), uniqueId: `AROA${name}` }),
        );
    }
    await iam.ready?.();
    const credentials = createCredentials();
    credentials.addLongTerm({ type: "admin", arn: `arn:aws:iam::${account}:user/admin` }, adminKeys);
    const printed: string[] = [];
    const traced: unknown[] = [];
    const print = (line: string) => void printed.push(line);
    const authorizer = createAuthorizer({
        account,
        region,
        roles: iam,
        trace: (entry) => void traced.push(entry),
        warn: print,
    });
    const start = async () => {
        const dsql = createDsql({ dataDir, region, authorizer, credentials, print });
        const cluster = resource("aws:dsql/cluster:Cluster", { tags: { Name: "files" } }, { arn });
        await dsql.apply["aws:dsql/cluster:Cluster"]({ ...cluster, id });
        await dsql.ready();
        return dsql;
    };
    let dsql = await start();
    const address = () => dsql.addressOf(`${id}.dsql.${region}.on.aws`)!.split(":");
    const cluster: TestCluster = {
        get dsql() {
            return dsql;
        },
        dataDir,
        printed,
        traced,
        get host() {
            return address()[0];
        },
        get port() {
            return Number(address()[1]);
        },
        keysOf(role, durationSeconds = 3600) {
            const principal = { type: "role", roleArn: roleArn(role), sessionName: "s" } as const;
            return credentials.issue(principal, { durationSeconds });
        },
        token({ keys = adminKeys, action = "DbConnectAdmin", host = "127.0.0.1", date = new Date(), ...more } = {}) {
            const url = `https://${host}/?Action=${action}`;
            return presign({ url }, { keys, region, service: "dsql", expires: 60, date, ...more }).slice(
                "https://".length,
            );
        },
        async connect(as) {
            const client = new pg.Client({
                ...{ host: cluster.host, port: cluster.port, database: "postgres" },
                ssl: { ca: fs.readFileSync(dsql.caFile) },
                ...as,
            });
            client.on("error", () => undefined);
            await client.connect();
            return client;
        },
        async admin(...statements) {
            const client = await cluster.connect({ user: "admin", password: cluster.token() });
            try {
                let rows: any[] = [];
                for (const statement of statements) ({ rows } = await client.query(statement));
                return rows;
            } finally {
                await client.end();
            }
        },
        pid: () => Number(fs.readFileSync(path.join(dataDir, "dsql", id, "postmaster.pid"), "utf8").split("\n")[0]),
        async restart() {
            await dsql.close();
            dsql = await start();
        },
        async close() {
            await dsql.close();
            fs.rmSync(dataDir, { recursive: true });
        },
    };
    return cluster;
}
