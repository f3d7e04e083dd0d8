import { statementsOf, type Statement } from "./normalise";
import { kindOf, mixture, refusalOfStatements, type Kind, type SqlRefusal } from "./refusals";

/** Makes of what a client of Aurora DSQL says what a PostgreSQL server understands. One for each connection. */
export interface Translator {
    /** The text to hand on in place of `sql`; the same text, nearly always. */
    translate(sql: string): string;
}

/** The functions that the text then calls are those of `catalog.ts`. */
export function createTranslator(): Translator {
    /** Kinds of the statements since a transaction began; undefined outside of one. */
    let open: Kind[] | undefined;

    const overTransaction = (kinds: readonly Kind[]): SqlRefusal | undefined => {
        for (const kind of kinds) {
            if (kind === "begin" || kind === "end") {
                open = kind === "begin" ? [] : undefined;
            } else if (open) {
                const refusal = mixture([...open, kind]);
                if (refusal) return refusal;
                // One of a kind is enough to know.
                if (!open.includes(kind)) open.push(kind);
            }
        }
        return undefined;
    };

    return {
        translate(sql) {
            const { refusal, kinds, translated } = analyse(sql);
            const reason = refusal ?? overTransaction(kinds);
            return reason ? refuse(reason) : translated;
        },
    };
}

/** What can be said of a text by itself. */
interface Analysis {
    readonly refusal?: SqlRefusal;
    readonly kinds: readonly Kind[];
    readonly translated: string;
}

/** Programs say the same few things again and again, with other parameters. */
const known = new Map<string, Analysis>();
const MOST_KNOWN = 1_000;
const LONGEST_KNOWN = 10_000;

function analyse(sql: string): Analysis {
    const before = known.get(sql);
    if (before) {
        return before;
    }
    const statements = statementsOf(sql);
    const analysis = {
        refusal: refusalOfStatements(statements),
        kinds: statements.map(kindOf),
        translated: statements.some(({ plain }) => OWN.test(plain)) ? statements.map(translateOne).join(";\n") : sql,
    };
    if (sql.length <= LONGEST_KNOWN) {
        if (known.size === MOST_KNOWN) known.clear();
        known.set(sql, analysis);
    }
    return analysis;
}

/** Statements that PostgreSQL does not know. */
const OWN = /^(AWS IAM |CREATE (UNIQUE )?INDEX ASYNC\b|ALTER TABLE ASYNC\b)/;

function translateOne({ text, plain }: Statement): string {
    if (!OWN.test(plain)) {
        return text;
    }
    if (plain.startsWith("AWS IAM ")) {
        return mapping(text);
    }
    return plain.startsWith("ALTER") ? validation(text) : index(text);
}

function mapping(text: string): string {
    const [, verb, role, preposition, arn] =
        /^AWS\s+IAM\s+(GRANT|REVOKE)\s+("(?:[^"]|"")+"|\w+)\s+(TO|FROM)\s+('(?:[^']|'')*')$/i.exec(text) ?? [];
    return /^(GRANT TO|REVOKE FROM)$/i.test(`${verb} ${preposition}`)
        ? `CALL sys.iam_${verb.toLowerCase()}(${literal(unquoted(role))}, ${arn})`
        : refuse({ code: "42601", message: 'syntax error at or near "AWS"' });
}

function index(text: string): string {
    const statement = text.replace(/^(CREATE\s+(?:UNIQUE\s+)?INDEX)\s+ASYNC\b/i, "$1");
    const name = /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?(\S+)/i.exec(statement)?.[1] ?? "";
    return job(statement, "INDEX_BUILD", name);
}

function validation(text: string): string {
    const statement = text.replace(/^(ALTER\s+TABLE)\s+ASYNC\b/i, "$1");
    const name = /\bVALIDATE\s+CONSTRAINT\s+(\S+)$/i.exec(statement)?.[1];
    return name === undefined
        ? refuse({ code: "0A000", message: "ALTER TABLE ASYNC other than VALIDATE CONSTRAINT is not supported" })
        : job(statement, "VALIDATE_CONSTRAINT", name);
}

function job(statement: string, type: string, name: string): string {
    return `SELECT sys.run_job(${literal(statement)}, ${literal(type)}, ${literal(name)}) AS job_id`;
}

function refuse({ code, message }: SqlRefusal): string {
    return `SELECT sys.refuse(${literal(code)}, ${literal(message)})`;
}

function literal(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
}

/** As PostgreSQL folds names. */
function unquoted(name: string): string {
    return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
