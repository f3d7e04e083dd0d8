import { statementsOf, type Statement } from "./normalise";
import { RULES } from "./rules";

/** Why a statement is not taken. */
export interface SqlRefusal {
    /** SQLSTATE. */
    readonly code: string;
    readonly message: string;
}

/**
 * What Aurora DSQL has to say against a text of one or more statements, that PostgreSQL would take; `undefined` when it takes them, or
 * PostgreSQL itself refuses them.
 */
export function refusalOf(sql: string): SqlRefusal | undefined {
    return refusalOfStatements(statementsOf(sql));
}

/** Like {@link refusalOf}, of a text that is split already. */
export function refusalOfStatements(statements: readonly Statement[]): SqlRefusal | undefined {
    for (const { plain } of statements) {
        for (const { test, what } of RULES) {
            const found = test.exec(plain);
            if (found) {
                const named = what.replace(/\$(\d)/g, (_, group: string) => found[Number(group)]);
                return { code: "0A000", message: `${named} is not supported` };
            }
        }
    }
    return transactionsOf(statements.map(kindOf))
        .map(mixture)
        .find((refusal) => refusal !== undefined);
}

/** What a statement does, as far as transactions care. */
export type Kind = "ddl" | "dml" | "begin" | "end" | "other";

/** Tells what a statement does. */
export function kindOf({ plain }: Pick<Statement, "plain">): Kind {
    const [first] = plain.split(" ", 1);
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

/** Statements that are sent together are one transaction, unless they begin and end some of their own. */
function transactionsOf(kinds: readonly Kind[]): Kind[][] {
    const transactions: Kind[][] = [[]];
    for (const kind of kinds) {
        if (kind === "begin" || kind === "end") {
            transactions.push([]);
        } else {
            transactions.at(-1)!.push(kind);
        }
    }
    return transactions;
}
