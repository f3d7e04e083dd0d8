import type { Identity } from "./question";
import type { Principal } from "./types";

/**
 * How a statement names a principal: `itself`, or `account`, which in an Allow only leaves the decision to the account's own
 * policies.
 */
export type PrincipalMatch = "itself" | "account" | undefined;

/** A principal in the terms of policies. */
export function identify(principal: Principal): Identity {
    switch (principal.type) {
        case "role": {
            const [, account, path] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(principal.roleArn) ?? [];
            if (path === undefined) {
                throw new Error(`${principal.roleArn} is no role's ARN`);
            }
            const role = path.slice(path.lastIndexOf("/") + 1);
            const session = `arn:aws:sts::${account}:assumed-role/${role}/${principal.sessionName}`;
            return { type: "role", name: session, arns: [principal.roleArn, session], account };
        }
        case "admin": {
            const account = principal.arn.split(":")[4];
            // The administrator stands for the account itself, which key policies leave administration to.
            return {
                type: "admin",
                name: principal.arn,
                arns: [principal.arn, `arn:aws:iam::${account}:root`],
                account,
            };
        }
        case "service":
            return { type: "service", name: principal.service, arns: [], service: principal.service };
        case "anonymous":
            return { type: "anonymous", name: "anonymous", arns: [] };
    }
}

/** Compiles the `Principal` of a resource's policy. Throws for a kind of principal that IAM does not know. */
export function compilePrincipal(element: unknown): (identity: Identity) => PrincipalMatch {
    const named = readPrincipals(element);
    const everyone = named.some(([kind, name]) => kind === "AWS" && name === "*");
    const services = new Set(named.filter(([kind]) => kind === "Service").map(([, name]) => name));
    const arns = new Set(named.filter(([kind]) => kind === "AWS").map(([, name]) => name));
    return (identity) => {
        if (everyone || identity.arns.some((arn) => arns.has(arn))) {
            return "itself";
        }
        if (identity.service !== undefined && services.has(identity.service)) {
            return "itself";
        }
        return identity.account !== undefined && arns.has(`arn:aws:iam::${identity.account}:root`)
            ? "account"
            : undefined;
    };
}

/** Compiles `NotPrincipal`: everyone except those who are named themselves; naming their account does not except them. */
export function compileNotPrincipal(element: unknown): (identity: Identity) => PrincipalMatch {
    const match = compilePrincipal(element);
    return (identity) => (match(identity) === "itself" ? undefined : "itself");
}

const KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];

function readPrincipals(element: unknown): [string, string][] {
    if (element === "*") {
        return [["AWS", "*"]];
    }
    if (typeof element !== "object" || element === null || Array.isArray(element)) {
        throw new Error('a principal must be "*" or an object');
    }
    return Object.entries(element).flatMap(([kind, value]: [string, unknown]) => {
        const names: unknown[] = Array.isArray(value) ? value : [value];
        return names.map((name): [string, string] => [kind, readName(kind, name)]);
    });
}

function readName(kind: string, name: unknown): string {
    if (!KINDS.includes(kind) || typeof name !== "string" || name === "") {
        throw new Error(`${JSON.stringify({ [kind]: name })} is no principal`);
    }
    if (kind !== "AWS" || name === "*") {
        return name;
    }
    if (/^\d{12}$/.test(name)) {
        return `arn:aws:iam::${name}:root`;
    }
    const known =
        /^(arn:aws:(iam|sts)::\d{12}:(root|(role|user|assumed-role|federated-user)\/[^*?]+)|A[A-Z0-9]{15,})$/.test(
            name,
        );
    if (!known) {
        throw new Error(
            `"${name}" is no principal: IAM wants "*", an account, or an ARN of IAM or STS without wildcards`,
        );
    }
    return name;
}
