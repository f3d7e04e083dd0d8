/** Something that Aurora DSQL does not take in a statement. */
export interface Rule {
    /** Finds it in a statement's `plain`. */
    readonly test: RegExp;
    /** Its name for people; `$1` stands for the first group found. */
    readonly what: string;
}

/** In a table's definition, where a type stands: after a word or quoted name that is no keyword with a name behind it. */
const typed = (types: string) =>
    new RegExp(
        `^(?:CREATE|ALTER) TABLE\\b.*[\\w"] (?<!\\b(?:ADD|ALTER|COLUMN|CONSTRAINT|DROP|EXISTS|REFERENCES|RENAME|SCHEMA|TO) )(${types})`,
    );

const ADDED_COLUMN =
    "^ALTER TABLE\\b.*\\bADD (?:COLUMN )?(?:IF NOT EXISTS )?(?!(?:CONSTRAINT|CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY|GENERATED)\\b)\\S+ ";

/**
 * What Aurora DSQL refuses although PostgreSQL takes it.
 *
 * Source: Aurora DSQL User Guide, "SQL feature compatibility", "CREATE TABLE", "ALTER TABLE", "CREATE INDEX", "CREATE SEQUENCE".
 */
export const RULES: readonly Rule[] = [
    { test: /^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?(TRIGGER|PROCEDURE)\b/, what: "CREATE $1" },
    {
        test: /^CREATE (?:OR REPLACE )?FUNCTION\b(?!.*\bLANGUAGE SQL\b)/,
        what: "a function in another LANGUAGE than sql",
    },
    { test: /^CREATE (?:(?:GLOBAL|LOCAL) )?(TEMP|TEMPORARY|UNLOGGED)\b/, what: "CREATE $1" },
    {
        test: /^CREATE (TYPE|EXTENSION|MATERIALIZED VIEW|TABLESPACE|DATABASE|RULE|POLICY|PUBLICATION|SUBSCRIPTION|SERVER|EVENT TRIGGER|STATISTICS|COLLATION)\b/,
        what: "CREATE $1",
    },
    { test: /^CREATE (?:UNIQUE )?INDEX (?!ASYNC\b)/, what: "CREATE INDEX without ASYNC" },
    {
        test: /^CREATE (?:UNIQUE )?INDEX ASYNC\b.*\b(USING (?:GIN|GIST|HASH|BRIN|SPGIST)|ASC|DESC)\b/,
        what: "$1 in CREATE INDEX",
    },
    {
        test: /^(TRUNCATE|VACUUM|SAVEPOINT|RELEASE|LOCK|LISTEN|UNLISTEN|NOTIFY|MERGE|PREPARE|DISCARD|CLUSTER|REINDEX|DECLARE|DO)\b/,
        what: "$1",
    },
    { test: /^ROLLBACK (?:WORK |TRANSACTION )?TO\b/, what: "SAVEPOINT" },
    { test: /^ALTER SYSTEM\b/, what: "ALTER SYSTEM" },
    { test: /^(?:CREATE|ALTER) TABLE\b.*\b(PARTITION (?:BY|OF)|INHERITS?|TABLESPACE)\b/, what: "$1" },
    { test: /^(?:CREATE|ALTER) TABLE\b.*\bROW LEVEL SECURITY\b/, what: "ROW LEVEL SECURITY" },
    { test: typed("(?:SMALL|BIG)?SERIAL[248]?\\b"), what: "the type $1" },
    { test: typed("(?:INET|CIDR|MACADDR8?|XML|MONEY|TSVECTOR)\\b"), what: "a column of the type $1" },
    { test: typed("ARRAY\\b|\\w+ ?(?:\\([\\d, ]*\\) ?)?\\[ ?\\d* ?\\]"), what: "a column of the type $1" },
    {
        test: /\bAS IDENTITY\b(?! ?\([^)]*\bCACHE (?:1|\d{5,})\b)/,
        what: "an identity without CACHE 1 or CACHE >= 65536",
    },
    { test: /^CREATE SEQUENCE\b(?!.*\bCACHE \d)/, what: "a sequence without CACHE" },
    { test: /^(?:CREATE|ALTER)\b.*\bCOLLATE\b/, what: "COLLATE" },
    { test: /^ALTER TABLE\b.*\bALTER (?:COLUMN )?\S+ (?:SET DATA )?TYPE\b/, what: "ALTER COLUMN TYPE" },
    { test: /^ALTER TABLE\b.*\bSET NOT NULL\b/, what: "SET NOT NULL" },
    {
        test: new RegExp(`${ADDED_COLUMN}.*\\b(DEFAULT|NOT NULL|CHECK|UNIQUE|PRIMARY KEY|REFERENCES|GENERATED)\\b`),
        what: "ADD COLUMN with $1",
    },
    {
        test: /^ALTER TABLE\b.*\bADD (?:CONSTRAINT \S+ )?(PRIMARY KEY|UNIQUE(?! USING INDEX))\b/,
        what: "$1 on an existing table",
    },
    {
        test: /^ALTER TABLE\b.*\bADD (?:CONSTRAINT \S+ )?(CHECK|FOREIGN KEY)\b(?!.*\bNOT VALID\b)/,
        what: "$1 on an existing table without NOT VALID",
    },
    {
        test: /^ALTER TABLE (?!ASYNC\b).*\bVALIDATE CONSTRAINT\b/,
        what: "VALIDATE CONSTRAINT without ALTER TABLE ASYNC",
    },
    { test: /\bISOLATION LEVEL (?!REPEATABLE READ\b)/, what: "an isolation level other than REPEATABLE READ" },
    { test: /^SET\b.*\b(?:DEFAULT_)?TRANSACTION_ISOLATION\b/, what: "setting the isolation level" },
    { test: /\bUUIDV7 ?\(/, what: "uuidv7(), which came with PostgreSQL 18," },
];
