/** A statement of an IAM policy document, as AWS writes it. */
export interface Statement {
    readonly Sid?: string;
    readonly Effect: "Allow" | "Deny";
    readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
    readonly Action: string | readonly string[];
    readonly Resource?: string | readonly string[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The JSON text of a policy document. */
export function document(statements: readonly Statement[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * The policy of a KMS key. Its first statement is the account's administrators': without it nobody could change the key any
 * more.
 *
 * @param root ARN of the account's root.
 */
export function keyPolicy(root: string, statements: readonly Statement[]): string {
    const administration: Statement = {
        Sid: "Administration",
        Effect: "Allow",
        Principal: { AWS: root },
        Action: "kms:*",
        Resource: "*",
    };
    return document([administration, ...statements]);
}

/** The trust policy of a role that one AWS service assumes for resources of this account. */
export function trust(service: string, account?: string): string {
    return document([
        {
            Effect: "Allow",
            Principal: { Service: service },
            Action: "sts:AssumeRole",
            ...(account ? { Condition: { StringEquals: { "aws:SourceAccount": account } } } : {}),
        },
    ]);
}

/** The statement of a resource's policy by which nobody does something without TLS. */
export function tlsOnly(action: string, resource: string | readonly string[]): Statement {
    return {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: action,
        Resource: resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
}
