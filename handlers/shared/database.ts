import * as pg from "pg";
import { unavailable } from "./refusal";
import { databaseToken } from "./sigv4";

/** Runs one statement, and answers its rows. Values stand in it as `$1`, `$2`, …; they are never part of its text. */
export type Run = <Row extends object = Record<string, never>>(
    statement: string,
    values?: readonly unknown[],
) => Promise<Row[]>;

/** A PostgreSQL database, as one role. */
export interface Database {
    /**
     * Does some work in one transaction: all of it, or nothing. It is done again from its start when it conflicts with another
     * transaction, and when the connection breaks; so it must have no effect besides that on the database, and must bear having
     * been committed once already without knowing.
     *
     * @throws A refusal with status 503 when the database can't be reached, or conflicts do not end; and what `work` throws.
     */
    transaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
    /** Does work outside of a transaction, each statement by itself; DSQL takes a change of the schema only so. */
    statement: Run;
    /** Ends the connection. */
    close(): Promise<void>;
}

/** Where a database is, and who connects to it. */
export interface DatabaseTarget {
    /** `<host>:<port>` of an Aurora DSQL cluster. */
    readonly address: string;
    /** Database role. `admin` may do everything, and connects by an IAM permission of its own. */
    readonly user: string;
}

/**
 * The database of an Aurora DSQL cluster, by connections that are kept over invocations and renewed before DSQL ends them, at 60 minutes.
 * The password is an IAM token, made for each new connection; the server's certificate is verified.
 */
export function openDatabase({ address, user }: DatabaseTarget): Database {
    const { hostname, port } = new URL(`tcp://${address}`);
    const pool = new pg.Pool({
        host: hostname,
        port: Number(port),
        database: "postgres",
        user,
        password: databaseToken(hostname, user === "admin" ? "DbConnectAdmin" : "DbConnect"),
        ssl: true,
        // An execution environment serves one invocation at a time.
        max: 1,
        maxLifetimeSeconds: 50 * 60,
        idleTimeoutMillis: 0,
        connectionTimeoutMillis: 3_000,
        query_timeout: 5_000,
        application_name: process.env.AWS_LAMBDA_FUNCTION_NAME,
        allowExitOnIdle: true,
    });
    // The server ended a connection that was idle, perhaps while this environment was frozen; the next work opens another.
    pool.on("error", (error) => console.info({ database: "an idle connection ended", error: error.name }));
    return {
        transaction: (work) => attempts(() => inTransaction(pool, work)),
        statement: (text, values) => attempts(() => onConnection(pool, (run) => run(text, values))),
        close: () => pool.end(),
    };
}

/** 40001: the transaction conflicted with another, and none of it happened. */
export function isConflict(error: unknown): boolean {
    return (error as pg.DatabaseError).code === "40001";
}

/** Tries again after a conflict, with a pause that grows and differs between rivals, and after a broken connection. */
async function attempts<T>(once: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
        try {
            return await once();
        } catch (error) {
            const conflict = isConflict(error);
            if (!conflict && !isUnreachable(error)) {
                throw error;
            }
            if (attempt === (conflict ? CONFLICT_ATTEMPTS : CONNECTION_ATTEMPTS)) {
                const { name, code } = error as pg.DatabaseError;
                console.error({ database: conflict ? "conflicts do not end" : "unreachable", error: { name, code } });
                throw unavailable("The database did not answer; try again");
            }
            const pause = (conflict ? CONFLICT_PAUSE_MS : CONNECTION_PAUSE_MS) * 2 ** attempt * (0.5 + Math.random());
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
    }
}

const CONFLICT_ATTEMPTS = 8;
const CONFLICT_PAUSE_MS = 5;
const CONNECTION_ATTEMPTS = 5;
const CONNECTION_PAUSE_MS = 25;

function inTransaction<T>(pool: pg.Pool, work: (run: Run) => Promise<T>): Promise<T> {
    return onConnection(pool, async (run) => {
        await run("BEGIN");
        try {
            const result = await work(run);
            await run("COMMIT");
            return result;
        } catch (error) {
            // If this fails, too, the connection is given up, which ends the transaction as well.
            await run("ROLLBACK");
            throw error;
        }
    });
}

/** A connection on which something failed that was no statement's own fault is not used again. */
async function onConnection<T>(pool: pg.Pool, work: (run: Run) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken = false;
    const run: Run = async <Row extends object>(statement: string, values?: readonly unknown[]) => {
        try {
            return (await client.query<Row>(statement, values as unknown[])).rows;
        } catch (error) {
            broken ||= isUnreachable(error);
            throw error;
        }
    };
    const note = () => (broken = true);
    client.on("error", note);
    try {
        return await work(run);
    } finally {
        client.off("error", note);
        client.release(broken);
    }
}

/**
 * Errors that say nothing about a statement: those of sockets and of `pg` itself, which have no SQLSTATE, and of the SQLSTATE classes for
 * connections (08), missing resources (53) and a server that ends or starts (57P).
 */
function isUnreachable(error: unknown): boolean {
    const { code = "", severity } = error as Partial<pg.DatabaseError>;
    const socket = /^E[A-Z]+$/.test(code) && (error as NodeJS.ErrnoException).syscall !== undefined;
    const driver =
        severity === undefined &&
        /^(Connection terminated|Query read timeout|timeout exceeded|Client )/.test((error as Error).message);
    return socket || driver || /^(08|53|57P)/.test(code);
}
