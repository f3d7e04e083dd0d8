/**
 * Whether a bucket policy grants anything to everyone, as S3 Block Public Access judges it: an Allow to `*` without a condition that
 * holds it to fixed callers. Source: S3 User Guide, "The meaning of public".
 */
export function isPublicPolicy(policy: unknown): boolean {
    if (policy === undefined) return false;
    const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement?: unknown };
    return asList(document.Statement).some((statement) => isPublicStatement(statement as Statement));
}

interface Statement {
    readonly Effect?: string;
    readonly Principal?: unknown;
    readonly NotPrincipal?: unknown;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function isPublicStatement({ Effect, Principal, NotPrincipal, Condition }: Statement): boolean {
    if (Effect !== "Allow") return false;
    if (NotPrincipal === undefined && !namesEveryone(Principal)) return false;
    return !Object.entries(Condition ?? {}).some(([operator, tests]) =>
        Object.entries(tests).some(([key, values]) => narrows(operator, key.toLowerCase(), asList(values).map(String))),
    );
}

function namesEveryone(principal: unknown): boolean {
    if (typeof principal === "string") return principal === "*";
    return Object.values((principal ?? {}) as Record<string, unknown>).some((names) => asList(names).includes("*"));
}

function narrows(operator: string, key: string, values: readonly string[]): boolean {
    if (!narrowing.has(key) || /not|ifexists|null/i.test(operator)) return false;
    if (key === "aws:sourceip") return values.every((cidr) => !/\/[0-7]$/.test(cidr));
    return values.every((value) => !/[*?]|\$\{/.test(value));
}

const narrowing: ReadonlySet<string> = new Set([
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
]);

function asList(value: unknown): readonly unknown[] {
    if (value === undefined) return [];
    return Array.isArray(value) ? value : [value];
}
