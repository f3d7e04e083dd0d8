import { propsListOf, textOf, type Props } from "../values";

/** A parameter that makes a database refuse connections without TLS, and whether it does. */
export interface TlsParameter {
    readonly name: string;
    readonly on: boolean;
}

/**
 * The parameter of a parameter group, by its family, e.g. `postgres16`; undefined for engines that have none.
 *
 * @param parameters What the group sets. @default - AWS's defaults alone
 */
export function tlsParameter(family: string, parameters?: unknown): TlsParameter | undefined {
    const name = NAMES.find(([families]) => families.test(family))?.[1];
    if (name === undefined) {
        return undefined;
    }
    const set = propsListOf(parameters).find((parameter) => textOf(parameter.name) === name);
    return { name, on: set ? isOn(set.value) : isOnByDefault(family) };
}

/**
 * The family of the parameter group that a database gets when it names none: without a version where only AWS knows that,
 * and empty where it does not say its engine.
 */
export function defaultFamily(engine: string, { engineVersion }: Props): string {
    if (engine === "") {
        return "";
    }
    const major = textOf(engineVersion)?.split(".")[0] ?? "";
    return `${engine}${major || (engine === "postgres" ? NEWEST_POSTGRES : "")}`;
}

const NAMES: readonly (readonly [RegExp, string])[] = [
    [/^(postgres|aurora-postgresql|sqlserver)/, "rds.force_ssl"],
    [/^(mysql|mariadb|aurora-mysql|aurora\d*$)/, "require_secure_transport"],
];

function isOn(value: unknown): boolean {
    return /^(1|on|true)$/i.test(typeof value === "boolean" ? String(value) : (textOf(value) ?? ""));
}

/**
 * Since these versions of PostgreSQL. Newer versions of MariaDB and MySQL may have it on, too, but say it better.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 */
function isOnByDefault(family: string): boolean {
    const [, engine, version] = /^(postgres|aurora-postgresql)(\d+)/.exec(family) ?? [];
    return engine !== undefined && Number(version) >= (engine === "postgres" ? 15 : 17);
}

/** RDS takes a version after 15 when none is asked for. */
const NEWEST_POSTGRES = 17;
