import { awsError } from "../../errors";
import type { ResourceProvider } from "../../gateway/types";
import { compilePolicy, type CompiledPolicy } from "../../iam/policy";
import type { Authorizer } from "../../iam/types";
import type { KeyService, KeyUse } from "./types";

export interface KmsOptions {
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
}

/**
 * Customer keys: their policies, aliases and state. No cryptography: data on this machine is not encrypted, but nobody uses a key
 * whose policy does not let them.
 *
 * As with roles, what is applied takes effect in `ready`, all at once.
 */
export function createKms({ account, region, authorizer }: KmsOptions): ResourceProvider & KeyService {
    let current = createKeys();
    let next = createKeys();
    const arn = (resource: string) => `arn:aws:kms:${region}:${account}:${resource}`;
    const keyArn = (id: string) => (id.startsWith("arn:") ? id : arn(`key/${id}`));
    const resolve = (keyId: string): string | undefined => {
        const known = current.byArn.size > 0 ? current : next;
        const full = keyId.startsWith("alias/") ? arn(keyId) : keyArn(keyId);
        const key = known.aliases.get(full) ?? full;
        return known.byArn.has(key) ? key : undefined;
    };
    return {
        apply: {
            "aws:kms/key:Key": ({ inputs, outputs }) => {
                const key = String(outputs.arn);
                next.byArn.set(key, {
                    policy: keyPolicy(inputs.policy ?? defaultPolicy(account), key),
                    enabled: inputs.isEnabled !== false,
                });
            },
            "aws:kms/keyPolicy:KeyPolicy": ({ inputs }) => {
                const key = keyArn(String(inputs.keyId));
                known(next, key, "key policy").policy = keyPolicy(inputs.policy, key);
            },
            "aws:kms/alias:Alias": ({ inputs, outputs }) => {
                const key = keyArn(String(inputs.targetKeyId));
                known(next, key, `alias ${String(outputs.name)}`);
                next.aliases.set(String(outputs.arn), key);
            },
        },
        ready() {
            current = next;
            next = createKeys();
        },
        resolve,
        authorizeUse(use) {
            const key = resolve(use.keyId);
            const keys = current.byArn.size > 0 ? current : next;
            const record = key === undefined ? undefined : keys.byArn.get(key);
            if (key === undefined || !record) {
                throw notFound(use.keyId.startsWith("alias/") ? arn(use.keyId) : keyArn(use.keyId));
            }
            authorizer.authorize(
                {
                    principal: use.principal,
                    action: use.action,
                    resource: key,
                    resourcePolicy: record.policy,
                    combine: "resource",
                    context: useContext(use, account, region, aliasesOf(keys, key)),
                },
                use.requestId,
            );
            if (!record.enabled) {
                throw awsError("KMS.DisabledException", 400, `${key} is disabled.`);
            }
        },
    };
}

interface Keys {
    readonly byArn: Map<string, { policy: CompiledPolicy; enabled: boolean }>;
    /** Key ARN by alias ARN. */
    readonly aliases: Map<string, string>;
}

function createKeys(): Keys {
    return { byArn: new Map(), aliases: new Map() };
}

function keyPolicy(document: unknown, key: string): CompiledPolicy {
    return compilePolicy(document, `policy of key ${key}`, "resource");
}

/** KMS Developer Guide, "Default key policy": the account's own policies decide. */
function defaultPolicy(account: string): unknown {
    const principal = { AWS: `arn:aws:iam::${account}:root` };
    return {
        Version: "2012-10-17",
        Statement: {
            Sid: "Enable IAM User Permissions",
            Effect: "Allow",
            Principal: principal,
            Action: "kms:*",
            Resource: "*",
        },
    };
}

function known(keys: Keys, key: string, user: string): { policy: CompiledPolicy } {
    const record = keys.byArn.get(key);
    if (!record) {
        throw new Error(`${user}: the key ${key} is not declared`);
    }
    return record;
}

function aliasesOf({ aliases }: Keys, key: string): string[] {
    return [...aliases].filter(([, target]) => target === key).map(([alias]) => alias.slice(alias.indexOf("alias/")));
}

function useContext(
    { viaService, encryptionContext }: KeyUse,
    account: string,
    region: string,
    aliases: readonly string[],
) {
    const pairs = Object.entries(encryptionContext);
    return {
        "kms:ViaService": `${viaService}.${region}.amazonaws.com`,
        "kms:CallerAccount": account,
        "kms:ResourceAliases": aliases,
        "kms:EncryptionContextKeys": pairs.map(([name]) => name),
        ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    };
}

function notFound(arn: string): Error {
    const message = arn.includes(":alias/") ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`;
    return awsError("KMS.NotFoundException", 400, message);
}
