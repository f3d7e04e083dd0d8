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
        const token = TOKEN.exec(((TOKEN.lastIndex = at), sql))!;
        const { comment, string, name } = token.groups!;
        if (token[0] === ";") {
            end(at);
        } else {
            plain +=
                comment !== undefined
                    ? " "
                    : string !== undefined
                      ? "''"
                      : name !== undefined
                        ? '"…"'
                        : token[0].toUpperCase();
        }
        at += token[0].length;
    }
    end(sql.length);
    return statements;
}

/** Source: PostgreSQL documentation, "Lexical structure". Comments do not nest here. */
const TOKEN =
    /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>\b[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<name>"(?:[^"]|"")*(?:"|$))|\$\d+|[A-Za-z_][\w$]*|[\s\S]/y;
