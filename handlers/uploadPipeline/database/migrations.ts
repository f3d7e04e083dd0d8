import { STATUSES } from "../statuses";
import { DATABASE_ROLES, SCHEMA, type DatabaseRole } from "./roles";

/** A change of the database's schema, made once and never edited: what comes later is a migration of its own. */
export interface Migration {
    /** Unique; migrations run in the order of {@link migrations}. */
    readonly id: string;
    /** One statement, since Aurora DSQL takes one change of the schema in a transaction. */
    readonly statement: string;
}

/**
 * All migrations, oldest first. Each must be safe to repeat: it is noted in a transaction after its own, and a crash may come between.
 *
 * Before a database is deployed with them, migrations may still be changed; later only added.
 */
export function migrations(): Migration[] {
    return [
        {
            id: "0001-files",
            statement: `CREATE TABLE IF NOT EXISTS ${SCHEMA}.files (
                file_id uuid PRIMARY KEY,
                client_id text NOT NULL,
                file_name text NOT NULL,
                len bigint NOT NULL CHECK (len > 0),
                type text NOT NULL,
                sha256 text,
                status text NOT NULL CHECK (status IN (${STATUSES.map((status) => `'${status}'`).join(", ")})),
                details text,
                step integer NOT NULL,
                request_id text NOT NULL,
                expires_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL,
                queue_claimed_at timestamptz,
                queued_at timestamptz
            )`,
        },
        {
            id: "0002-status-history",
            statement: `CREATE TABLE IF NOT EXISTS ${SCHEMA}.status_history (
                file_id uuid NOT NULL,
                step integer NOT NULL,
                status text NOT NULL,
                details text,
                at timestamptz NOT NULL,
                request_id text NOT NULL,
                PRIMARY KEY (file_id, step)
            )`,
        },
        // The sweeper looks for files that are not at an end; those at an end, nearly all, are not in the index.
        {
            id: "0003-open-files",
            statement: `CREATE INDEX ASYNC IF NOT EXISTS open_files ON ${SCHEMA}.files (status, expires_at)
                WHERE status IN ('pending', 'uploaded', 'processing')`,
        },
        ...Object.keys(DATABASE_ROLES).flatMap((role) => roleMigrations(role as DatabaseRole)),
    ];
}

function roleMigrations(role: DatabaseRole): Migration[] {
    const grants = Object.entries<readonly string[]>(DATABASE_ROLES[role]).map(([table, verbs]) => ({
        id: `role-${role}-${table}`,
        statement: `GRANT ${verbs.join(", ")} ON ${SCHEMA}.${table} TO ${role}`,
    }));
    return [
        { id: `role-${role}`, statement: `CREATE ROLE ${role} WITH LOGIN` },
        { id: `role-${role}-schema`, statement: `GRANT USAGE ON SCHEMA ${SCHEMA} TO ${role}` },
        ...grants,
    ];
}
