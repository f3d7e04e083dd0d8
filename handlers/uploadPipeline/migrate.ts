import * as v from "valibot";
import { openDatabase } from "../shared/database";
import { jsonVariable, readEnv } from "../shared/env";
import { migrateDatabase, type MigrationReport } from "./database/migrateDatabase";
import { migrations } from "./database/migrations";

/**
 * Brings the database to the newest schema when the stack is deployed. Reads `DATABASE` (`<host>:<port>`) and `IAM_ROLES`: the ARN of the
 * IAM role that may connect as each database role.
 */
export function migrateFactory() {
    const env = readEnv({ DATABASE: v.string(), IAM_ROLES: jsonVariable(v.record(v.string(), v.string())) });
    const database = openDatabase({ address: env.DATABASE, user: "admin" });
    return async (): Promise<MigrationReport> => {
        const report = await migrateDatabase(database.statement, migrations(), env.IAM_ROLES);
        console.info(report);
        return report;
    };
}
