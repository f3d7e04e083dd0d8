import * as path from "node:path";
import * as pg from "pg";

/**
 * Makes of a new PostgreSQL server what a new cluster of Aurora DSQL is: a role `admin` that owns the database but is no superuser, a
 * schema `public` that is `admin`'s alone, and the schema `sys`.
 *
 * @param socket Path of the server's socket.
 */
export async function prepareCluster(socket: string): Promise<void> {
    await asSuperuser(socket, async (client) => {
        const { rows } = await client.query<{ marker: string }>(
            "SELECT marker FROM unnest($1::text[]) AS marker WHERE to_regproc(marker) IS NULL",
            [STEPS.map(({ marker }) => marker)],
        );
        for (const { sql } of STEPS.filter(({ marker }) => rows.some((row) => row.marker === marker))) {
            await client.query(`BEGIN; ${sql} COMMIT;`);
        }
    });
}

/** ARNs of the IAM roles that a database role is mapped to. */
export async function mappedArns(socket: string, role: string): Promise<string[]> {
    return asSuperuser(socket, async (client) => {
        const { rows } = await client.query<{ arn: string }>(
            "SELECT arn FROM sys.iam_pg_role_mappings WHERE pg_role_name = $1",
            [role],
        );
        return rows.map(({ arn }) => arn);
    });
}

async function asSuperuser<T>(socket: string, action: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ host: path.dirname(socket), user: "postgres", database: "postgres" });
    // A server that ends meanwhile fails the query, too; that is the error which is thrown.
    client.on("error", () => undefined);
    await client.connect();
    try {
        return await action(client);
    } finally {
        await client.end();
    }
}

/**
 * `sys.refuse` lets the server itself answer what DSQL would refuse, in its place among the answers, and with the effect on the
 * transaction. The procedures stand for `AWS IAM GRANT` and `AWS IAM REVOKE`.
 *
 * Source of the columns: Aurora DSQL User Guide, "Using database roles and IAM authentication" and "Asynchronous indexes".
 */
const CATALOG = `
    CREATE ROLE admin LOGIN CREATEROLE;
    ALTER DATABASE postgres OWNER TO admin;
    ALTER SCHEMA public OWNER TO admin;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    CREATE SCHEMA sys;
    GRANT USAGE ON SCHEMA sys TO PUBLIC;

    CREATE TABLE sys.iam_roles (role name NOT NULL, arn text NOT NULL, PRIMARY KEY (role, arn));
    CREATE VIEW sys.iam_pg_role_mappings AS
        SELECT r.oid AS pg_role_oid, r.rolname::text AS pg_role_name, m.arn, a.oid AS grantor_pg_role_oid, a.rolname::text AS grantor_pg_role_name
        FROM sys.iam_roles m JOIN pg_roles r ON r.rolname = m.role JOIN pg_roles a ON a.rolname = 'admin';
    GRANT SELECT ON sys.iam_pg_role_mappings TO admin;
    CREATE PROCEDURE sys.iam_grant(role name, arn text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role AND rolcanlogin AND NOT rolsuper) OR role = 'admin' THEN
                RAISE EXCEPTION 'role "%" does not exist', role USING ERRCODE = '42704';
            END IF;
            IF EXISTS (SELECT FROM sys.iam_roles m WHERE m.role = iam_grant.role AND m.arn = iam_grant.arn) THEN
                RAISE EXCEPTION 'role "%" is mapped to this IAM role already', role USING ERRCODE = '42710';
            END IF;
            INSERT INTO sys.iam_roles VALUES (role, arn);
        END $$;
    CREATE PROCEDURE sys.iam_revoke(role name, arn text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            DELETE FROM sys.iam_roles m WHERE m.role = iam_revoke.role AND m.arn = iam_revoke.arn;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'role "%" is not mapped to this IAM role', role USING ERRCODE = '42704';
            END IF;
        END $$;
    REVOKE ALL ON PROCEDURE sys.iam_grant(name, text), sys.iam_revoke(name, text) FROM PUBLIC;
    GRANT EXECUTE ON PROCEDURE sys.iam_grant(name, text), sys.iam_revoke(name, text) TO admin;

    CREATE TABLE sys.jobs (
        job_id text PRIMARY KEY DEFAULT replace(gen_random_uuid()::text, '-', ''),
        status text NOT NULL DEFAULT 'completed', details text NOT NULL DEFAULT '', job_type text NOT NULL DEFAULT 'INDEX_BUILD',
        object_name text, start_time timestamptz NOT NULL DEFAULT now(), update_time timestamptz NOT NULL DEFAULT now()
    );
    GRANT SELECT ON sys.jobs TO PUBLIC;
    CREATE PROCEDURE sys.wait_for_job(id text) LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM sys.jobs WHERE job_id = id) THEN
                RAISE EXCEPTION 'job "%" does not exist', id USING ERRCODE = '22023';
            END IF;
        END $$;
    CREATE FUNCTION sys.refuse(code text, message text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
        END $$;
`;

/** A job is done at once, in the transaction that asks for it, and with the rights of who asks. */
const JOBS = `
    DROP FUNCTION IF EXISTS sys.create_index(text, text), sys.note_job(text);
    CREATE FUNCTION sys.note_job(type text, name text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
        $$ INSERT INTO sys.jobs (job_type, object_name) VALUES (type, name) RETURNING job_id $$;
    CREATE FUNCTION sys.run_job(statement text, type text, name text) RETURNS text LANGUAGE plpgsql AS $$
        BEGIN
            EXECUTE statement;
            RETURN sys.note_job(type, name);
        END $$;
`;

/** In their order; each is known to be done by a function that it makes, so that data of an earlier version gets what is missing. */
const STEPS = [
    { marker: "sys.refuse", sql: CATALOG },
    { marker: "sys.run_job", sql: JOBS },
];
