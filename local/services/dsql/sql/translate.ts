import { kindOf, mixture, refusalOf, type Kind, type SqlRefusal } from "./refusals";
import { statementsOf, type Statement } from "./normalise";

/** Makes of what a client of Aurora DSQL says what a PostgreSQL server understands. One for each connection. */
export interface Translator {
    /** The text to hand on in place of `sql`; the same text, nearly always. */
    translate(sql: string): string;
}

/** The functions that the text then calls are those of `catalog.ts`. */
export function createTranslator(): Translator {
    /** Kinds of the statements since a transaction began; undefined outside of one. */
    let open: Kind[] | undefined;

    const overTransaction = (statements: readonly Statement[]): SqlRefusal | undefined => {
        for (const statement of statements) {
            const kind = kindOf(statement);
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
            const refusal = refusalOf(sql);
            if (refusal) return refuse(refusal);
            const statements = statementsOf(sql);
            const mixed = overTransaction(statements);
            if (mixed) return refuse(mixed);
            return statements.some(({ plain }) => OWN.test(plain)) ? statements.map(translateOne).join(";\n") : sql;
        },
    };
}

/** Statements that PostgreSQL does not know. */
const OWN = /^(AWS IAM |CREATE (UNIQUE )?INDEX ASYNC\b)/;

function translateOne({ text, plain }: Statement): string {
    const mapping = /^AWS\s+IAM\s+(GRANT|REVOKE)\s+("(?:[^"]|"")+"|\w+)\s+(TO|FROM)\s+('(?:[^']|'')*')$/i.exec(text);
    if (plain.startsWith("AWS IAM ")) {
        return mapping && /^(GRANT TO|REVOKE FROM)$/i.test(`${mapping[1]} ${mapping[3]}`)
            ? `CALL sys.iam_${mapping[1].toLowerCase()}(${literal(unquoted(mapping[2]))}, ${mapping[4]})`
            : refuse({ code: "42601", message: 'syntax error at or near "AWS"' });
    }
    if (OWN.test(plain)) {
        const statement = text.replace(/^(CREATE\s+(?:UNIQUE\s+)?INDEX)\s+ASYNC\b/i, "$1");
        const name = /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?(\S+)/i.exec(statement)?.[1] ?? "";
        return `SELECT sys.create_index(${literal(statement)}, ${literal(name)}) AS job_id`;
    }
    return text;
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
