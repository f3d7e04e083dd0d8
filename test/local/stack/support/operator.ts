import * as fs from "node:fs";
import * as path from "node:path";
import * as pg from "pg";
import { presign, signedFetch } from "../../../support/sign";
import type { Stack } from "./stack";

/** Someone with the administrator's keys. */
export interface Operator {
    /** Invokes a function and waits; answers what it answered. */
    invoke(functionName: string): Promise<any>;
    /** Runs a statement as `admin` in the stack's one cluster. */
    sql(statement: string, values?: readonly unknown[]): Promise<any[]>;
    /** Process id of the cluster's server. */
    postgresPid(): number;
    close(): Promise<void>;
}

export async function operatorOf(stack: Stack): Promise<Operator> {
    const { endpoint: _, region, ...keys } = stack.adminCredentials;
    const cluster = stack.run.plan.resources.find(({ type }) => type === "aws:dsql/cluster:Cluster")!;
    const [host, port] = stack.run.localise(`${cluster.id}.dsql.${region}.on.aws:5432`).split(":");
    const folder = path.join(stack.stateFolder, stack.run.plan.stack, "dsql");
    const pool = new pg.Pool({
        ...{ host, port: Number(port), user: "admin", database: "postgres", max: 1 },
        password: () =>
            presign(
                { url: `https://${host}/?Action=DbConnectAdmin` },
                { keys, service: "dsql", region, expires: 60 },
            ).slice("https://".length),
        ssl: { ca: fs.readFileSync(path.join(folder, "certificate.pem")) },
    });
    // The tests end the server under it.
    pool.on("error", () => undefined);
    return {
        invoke: (functionName) => invokeFunction(stack, functionName),
        sql: async (statement, values) => (await pool.query(statement, values as unknown[])).rows,
        postgresPid: () =>
            Number(fs.readFileSync(path.join(folder, cluster.id, "postmaster.pid"), "utf8").split("\n")[0]),
        close: () => pool.end(),
    };
}

/** Invokes a function with the administrator's keys, waits, and answers what it answered. @throws What went wrong in it. */
export async function invokeFunction({ adminCredentials }: Stack, functionName: string): Promise<any> {
    const { endpoint, region, ...keys } = adminCredentials;
    const url = `${endpoint}/2015-03-31/functions/${functionName}/invocations`;
    const response = await signedFetch({ method: "POST", url, body: "{}" }, { keys, service: "lambda", region });
    const text = await response.text();
    if (!response.ok || response.headers.has("x-amz-function-error")) throw new Error(text);
    return JSON.parse(text);
}
