import { DB_CLUSTER, DB_INSTANCE, engineOf, isReplica, isRestored } from "../../support/rds/databases";
import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { numberOf, textOf, textsOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "rds-no-default-names",
    title: "Databases have neither the usual master user nor the usual port.",
    why: "Whoever guesses passwords or scans for databases tries these first.",
    mend: "Set another port.",
    sources: ["cdk-nag AwsSolutions-RDS11", "Security Hub RDS.23", "Security Hub RDS.24", "Security Hub RDS.25"],
    severity: "low",
    levels: { dev: "disabled", prod: "advisory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    options: {
        usualUsers: {
            what: "Names that master users must not have",
            schema: { type: "array", items: { type: "string" } },
            dev: ["admin", "postgres"],
            prod: ["admin", "postgres"],
        },
    },
    *check({ props }, config) {
        const users = textsOf(config.usualUsers);
        yield* each(["username", "masterUsername"], (property) => hasUsualUser(props, property, users));
        yield* each([props], hasUsualPort);
    },
};

function* hasUsualUser(props: Props, property: string, users: readonly string[]): Generator<Fault> {
    if (users.includes(textOf(props[property])?.toLowerCase() ?? "")) {
        yield { fault: "has a master user of the usual name", finding: property, mend: `Set another ${property}.` };
    }
}

function* hasUsualPort(props: Props): Generator<Fault> {
    const usual = PORTS.find(([engines]) => engines.test(engineOf(props)))?.[1];
    // A copy gets the port of its source.
    const port = numberOf(props.port) ?? (isReplica(props) || isRestored(props) ? undefined : usual);
    if (usual !== undefined && port === usual) {
        yield { fault: `listens on ${usual}, its engine's usual port`, finding: "port" };
    }
}

const PORTS: readonly (readonly [RegExp, number])[] = [
    [/^(aurora-)?postgres/, 5432],
    [/^(mysql|mariadb|aurora)/, 3306],
    [/^(custom-)?oracle/, 1521],
    [/^(custom-)?sqlserver/, 1433],
    [/^db2/, 50_000],
];
