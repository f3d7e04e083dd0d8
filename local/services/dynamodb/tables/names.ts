import type { TableDeclaration } from "./declare";

/** What is known of tables by their names; a request may also give their ARN. */
export interface TableNames {
    /** ARN of a table, whether it is declared or not. */
    arn(nameOrArn: string): string;
    /** Partition key of a declared table or of an index of it; undefined when there is no such. */
    hashKey(nameOrArn: string, index?: unknown): string | undefined;
    /** The declared table; undefined when there is none. */
    find(nameOrArn: string): TableDeclaration | undefined;
}

export function tableNames(
    tables: () => ReadonlyMap<string, TableDeclaration>,
    region: string,
    account: string,
): TableNames {
    const prefix = `arn:aws:dynamodb:${region}:${account}:table/`;
    const find = (given: string) => tables().get(given.startsWith(prefix) ? given.slice(prefix.length) : given);
    return {
        arn: (given) => (given.startsWith("arn:") ? given : prefix + given),
        find,
        hashKey(given, index) {
            const table = find(given);
            return index === undefined ? table?.hashKey : table?.indexHashKeys.get(String(index));
        },
    };
}
