import { statementsOf, type Statement } from "./normalise";

/** Why a statement is not taken. */
export interface SqlRefusal {
    /** SQLSTATE. */
    readonly code: string;
    readonly message: string;
}

/**
 * What Aurora DSQL has to say against a text of one or more statements, that PostgreSQL would take; `undefined` when it takes them, or
 * PostgreSQL itself refuses them.
 *
 * Source: Aurora DSQL User Guide, "SQL feature compatibility", "CREATE TABLE", "ALTER TABLE", "CREATE INDEX", "DDL and distributed
 * transactions".
 */
export function refusalOf(sql: string): SqlRefusal | undefined {
    const statements = statementsOf(sql);
    for (const { plain } of statements) {
        const rule = RULES.find(({ test }) => test.test(plain));
        if (rule) {
            return { code: "0A000", message: `${rule.what} not supported` };
        }
    }
    return mixture(statements.map(kindOf));
}

/** What a statement does, as far as transactions care. */
export type Kind = "ddl" | "dml" | "begin" | "end" | "other";

/** Tells what a statement does. */
export function kindOf({ plain }: Pick<Statement, "plain">): Kind {
    const [first] = plain.split(" ");
    if (/^(BEGIN|START)$/.test(first)) return "begin";
    if (/^(COMMIT|END|ROLLBACK|ABORT)$/.test(first)) return "end";
    if (/^(CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT|AWS)$/.test(first)) return "ddl";
    return /^(INSERT|UPDATE|DELETE|SELECT|WITH|COPY|TABLE|VALUES)$/.test(first) ? "dml" : "other";
}

/** One change of the schema in a transaction, and nothing else with it. */
export function mixture(kinds: readonly Kind[]): SqlRefusal | undefined {
    const changes = kinds.filter((kind) => kind === "ddl").length;
    if (changes > 1) {
        return { code: "0A000", message: "multiple ddl statements are not supported in a transaction" };
    }
    return changes === 1 && kinds.includes("dml")
        ? { code: "0A000", message: "ddl and dml are not supported in the same transaction" }
        : undefined;
}

const TABLE = "^(CREATE TABLE|ALTER TABLE)\\b.*";

const RULES: readonly { readonly test: RegExp; readonly what: string }[] = [
    { test: /^CREATE (OR REPLACE )?(CONSTRAINT )?TRIGGER\b/, what: "CREATE TRIGGER" },
    { test: /^CREATE (OR REPLACE )?PROCEDURE\b/, what: "CREATE PROCEDURE" },
    { test: /^CREATE (OR REPLACE )?FUNCTION\b(?!.*\bLANGUAGE SQL\b)/, what: "LANGUAGE other than sql" },
    { test: /^DO\b/, what: "DO" },
    { test: /^CREATE ((GLOBAL|LOCAL) )?(TEMP|TEMPORARY|UNLOGGED)\b/, what: "CREATE TEMPORARY or UNLOGGED TABLE" },
    {
        test: /^CREATE (TYPE|EXTENSION|MATERIALIZED|TABLESPACE|DATABASE|RULE|POLICY|PUBLICATION|SUBSCRIPTION|SERVER|EVENT|STATISTICS|COLLATION)\b/,
        what: "this CREATE statement",
    },
    { test: /^CREATE (UNIQUE )?INDEX (?!ASYNC\b)/, what: "CREATE INDEX without ASYNC is" },
    {
        test: /^CREATE (UNIQUE )?INDEX ASYNC\b.*\b(USING (GIN|GIST|HASH|BRIN|SPGIST)|ASC|DESC)\b/,
        what: "this kind of index",
    },
    {
        test: /^(TRUNCATE|VACUUM|SAVEPOINT|RELEASE|LOCK|LISTEN|UNLISTEN|NOTIFY|MERGE|PREPARE|DISCARD|CLUSTER|REINDEX)\b/,
        what: "this statement",
    },
    { test: /^ROLLBACK (WORK |TRANSACTION )?TO\b/, what: "SAVEPOINT" },
    { test: /^DECLARE\b/, what: "DECLARE CURSOR" },
    { test: /^ALTER SYSTEM\b/, what: "ALTER SYSTEM" },
    {
        test: new RegExp(`${TABLE}\\b(PARTITION (BY|OF)|INHERITS?|TABLESPACE)\\b`),
        what: "partitions, inheritance and tablespaces",
    },
    { test: new RegExp(`${TABLE}\\bROW LEVEL SECURITY\\b`), what: "row level security" },
    { test: new RegExp(`${TABLE}\\b(SMALL|BIG)?SERIAL[248]?\\b`), what: "serial" },
    { test: new RegExp(`${TABLE}(\\[ ?\\d* ?\\]|\\bARRAY\\b)`), what: "columns of an array type" },
    { test: new RegExp(`${TABLE}\\b(INET|CIDR|MACADDR|XML|MONEY|TSVECTOR)\\b`), what: "columns of this type" },
    { test: /^(CREATE|ALTER)\b.*\bCOLLATE\b/, what: "COLLATE" },
    { test: /^ALTER TABLE\b.*\bALTER (COLUMN )?\S+ (SET DATA )?TYPE\b/, what: "ALTER COLUMN TYPE" },
    { test: /^ALTER TABLE\b.*\bSET NOT NULL\b/, what: "SET NOT NULL" },
    {
        test: /^ALTER TABLE\b.*\bADD COLUMN\b.*\b(DEFAULT|NOT NULL|CHECK|UNIQUE|PRIMARY KEY|REFERENCES|GENERATED)\b/,
        what: "ADD COLUMN with a constraint or default is",
    },
    {
        test: /^ALTER TABLE\b.*\bADD (CONSTRAINT \S+ )?(PRIMARY KEY|UNIQUE(?! USING INDEX))\b/,
        what: "this constraint on an existing table",
    },
    {
        test: /^ALTER TABLE\b.*\bADD (CONSTRAINT \S+ )?(CHECK|FOREIGN KEY)\b(?!.*\bNOT VALID\b)/,
        what: "a constraint without NOT VALID is",
    },
    { test: /\bISOLATION LEVEL (?!REPEATABLE READ\b)/, what: "an isolation level other than REPEATABLE READ is" },
    { test: /^SET\b.*\b(DEFAULT_)?TRANSACTION_ISOLATION\b/, what: "setting the isolation level is" },
];
