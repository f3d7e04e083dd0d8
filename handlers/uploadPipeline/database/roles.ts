/** What a function may do in the database: verbs by table. */
export type TableGrants = Readonly<Partial<Record<Table, readonly ("SELECT" | "INSERT" | "UPDATE")[]>>>;

/** Tables in the schema {@link SCHEMA}. */
export type Table = "files" | "status_history";

/** Schema of all tables: roles other than `admin` can't use `public`. */
export const SCHEMA = "uploads";

/** The functions that use the database, each with a database role of its own that may do these statements and no others. */
export const DATABASE_ROLES = {
    request_upload: { files: ["INSERT"], status_history: ["INSERT"] },
    confirm_upload: { files: ["SELECT", "UPDATE"], status_history: ["INSERT"] },
    update_status: { files: ["SELECT", "UPDATE"], status_history: ["INSERT"] },
    consult_status: { files: ["SELECT"], status_history: ["SELECT"] },
    fail_upload: { files: ["SELECT", "UPDATE"], status_history: ["INSERT"] },
    sweep_uploads: { files: ["SELECT", "UPDATE"], status_history: ["INSERT"] },
} as const satisfies Readonly<Record<string, TableGrants>>;

/** Name of a function's database role. */
export type DatabaseRole = keyof typeof DATABASE_ROLES;
