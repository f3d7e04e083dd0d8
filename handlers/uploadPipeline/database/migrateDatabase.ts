import * as crypto from "node:crypto";
import type * as pg from "pg";
import type { Run } from "../../shared/database";
import type { Migration } from "./migrations";
import { SCHEMA } from "./roles";

/** What a run changed. */
export interface MigrationReport {
    /** Ids of the migrations that were made. */
    readonly applied: readonly string[];
    /** Database roles that were mapped to an IAM role. */
    readonly mapped: readonly string[];
    /** Mappings that were ended. */
    readonly unmapped: readonly string[];
}

/**
 * Brings a database to the newest schema, and maps its roles to IAM roles. Safe to repeat, and to be cut off anywhere.
 *
 * @param run Runs a statement as `admin`, in a transaction of its own.
 * @param iamRoles ARN of the IAM role that may connect as each database role.
 * @throws When a migration that was made is no longer what it was, or is gone: databases only go forward.
 */
export async function migrateDatabase(
    run: Run,
    migrations: readonly Migration[],
    iamRoles: Readonly<Record<string, string>>,
): Promise<MigrationReport> {
    await run(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    await run(
        `CREATE TABLE IF NOT EXISTS ${SCHEMA}.migrations (id text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL)`,
    );
    const made = await run<{ id: string; sha256: string }>(`SELECT id, sha256 FROM ${SCHEMA}.migrations`);
    refuseChanged(made, migrations);
    const missing = migrations.filter(({ id }) => !made.some((one) => one.id === id));
    for (const migration of missing) {
        await unlessDone(() => run(migration.statement));
        await run(
            `INSERT INTO ${SCHEMA}.migrations (id, sha256, applied_at) VALUES ($1, $2, now()) ON CONFLICT (id) DO NOTHING`,
            [migration.id, digest(migration)],
        );
    }
    return { applied: missing.map(({ id }) => id), ...(await mapRoles(run, iamRoles)) };
}

function refuseChanged(made: readonly { id: string; sha256: string }[], migrations: readonly Migration[]): void {
    for (const { id, sha256 } of made) {
        const migration = migrations.find((one) => one.id === id);
        if (!migration || digest(migration) !== sha256) {
            throw new Error(
                `The migration ${id} was made already and is ${migration ? "changed" : "gone"}; add a new one instead`,
            );
        }
    }
}

/** Indentation is no change. */
function digest({ statement }: Migration): string {
    return crypto.createHash("sha256").update(statement.replace(/\s+/g, " ")).digest("hex");
}

/** `CREATE ROLE` knows no `IF NOT EXISTS`: that the role is there (42710) means that a run before was cut off here. */
async function unlessDone(action: () => Promise<unknown>): Promise<void> {
    try {
        await action();
    } catch (error) {
        if ((error as pg.DatabaseError).code !== "42710") {
            throw error;
        }
    }
}

async function mapRoles(
    run: Run,
    iamRoles: Readonly<Record<string, string>>,
): Promise<Pick<MigrationReport, "mapped" | "unmapped">> {
    const present = await run<{ role: string; arn: string }>(
        "SELECT pg_role_name AS role, arn FROM sys.iam_pg_role_mappings",
    );
    const surplus = present.filter(({ role, arn }) => role in iamRoles && iamRoles[role] !== arn);
    const missing = Object.entries(iamRoles).filter(
        ([role, arn]) => !present.some((one) => one.role === role && one.arn === arn),
    );
    // Names and ARNs come from the program, not from callers; this statement takes no parameters.
    for (const { role, arn } of surplus) {
        await run(`AWS IAM REVOKE ${role} FROM '${arn}'`);
    }
    for (const [role, arn] of missing) {
        await run(`AWS IAM GRANT ${role} TO '${arn}'`);
    }
    return { mapped: missing.map(([role]) => role), unmapped: surplus.map(({ role }) => role) };
}
