/** A statement as it was written, and with all that could mislead a reader taken out. */
export interface Statement {
    readonly text: string;
    /** In upper case, with one space where there was white space or a comment, `''` for strings and `"…"` for quoted names. */
    readonly plain: string;
}

/** Splits a text into its statements, at semicolons outside of strings, quoted names and comments. */
export function statementsOf(sql: string): Statement[] {
    const statements: Statement[] = [];
    let start = 0;
    let plain = "";
    const end = (at: number) => {
        if (plain.trim() !== "") {
            statements.push({ text: sql.slice(start, at).trim(), plain: plain.replace(/\s+/g, " ").trim() });
        }
        start = at + 1;
        plain = "";
    };
    for (let at = 0; at < sql.length;) {
        SPECIAL.lastIndex = at;
        const special = SPECIAL.exec(sql);
        plain += sql.slice(at, special?.index).toUpperCase();
        if (special === null) break;
        const [opening] = special;
        at = special.index + opening.length;
        if (opening === ";") {
            end(special.index);
        } else {
            at = endOf(sql, opening, at);
            plain += opening === "--" || opening === "/*" ? " " : opening === '"' ? '"…"' : "''";
        }
    }
    end(sql.length);
    return statements;
}

/**
 * What begins a comment, a string or a quoted name, and what ends a statement. Source: PostgreSQL documentation, "Lexical structure".
 *
 * The ends are searched for step by step: an expression for all of a string of some megabytes would exceed the engine's stack.
 */
const SPECIAL = /--|\/\*|\b[eE]'|'|"|(?<![\w$])\$(?:[A-Za-z_]\w*)?\$|;/g;

/** Where what was opened before `at` is over; at the end of the text when it is not closed. */
function endOf(sql: string, opening: string, at: number): number {
    switch (opening) {
        case "--":
            return after(sql, "\n", at);
        case "/*":
            return endOfComment(sql, at);
        case "'":
        case '"':
            return endOfQuoted(sql, opening, at);
        case "e'":
        case "E'":
            return endOfEscaped(sql, at);
        default:
            return after(sql, opening, at);
    }
}

function after(sql: string, closing: string, at: number): number {
    const found = sql.indexOf(closing, at);
    return found === -1 ? sql.length : found + closing.length;
}

/** Comments nest. */
function endOfComment(sql: string, at: number): number {
    const bounds = /\/\*|\*\//g;
    bounds.lastIndex = at;
    for (let depth = 1; depth > 0;) {
        const bound = bounds.exec(sql);
        if (bound === null) return sql.length;
        depth += bound[0] === "/*" ? 1 : -1;
    }
    return bounds.lastIndex;
}

/** A quote that is doubled stands for itself. */
function endOfQuoted(sql: string, quote: string, at: number): number {
    let end = after(sql, quote, at);
    while (sql[end] === quote) {
        end = after(sql, quote, end + 1);
    }
    return end;
}

/** So does one after a backslash, in strings of this kind. */
function endOfEscaped(sql: string, at: number): number {
    const marks = /\\[^]|''|'/g;
    marks.lastIndex = at;
    for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
        if (mark[0] === "'") return marks.lastIndex;
    }
    return sql.length;
}
