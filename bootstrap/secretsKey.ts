import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "../components/support/names";
import { keyPolicy, type Statement } from "../components/support/policy";

/**
 * The key that encrypts the secrets in one stack's config and state. Each stack has its own: who deploys dev can't read the
 * secrets of prod.
 */
export class SecretsKey extends pulumi.ComponentResource {
    /** Such as `awskms://alias/quartet-bootstrap-main-secrets-dev?region=eu-west-1`, for `--secrets-provider`. */
    public readonly providerUrl: string;

    private readonly names = stackNames();
    private readonly statements: Statement[] = [];
    private readonly roles: aws.iam.Role[] = [];
    private readonly alias: string;

    constructor(
        private readonly name: string,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:bootstrap:SecretsKey", name, {}, opts);
        this.alias = `alias/${this.names.physical(name)}`;
        this.providerUrl = `awskms://${this.alias}?region=${this.names.region}`;
    }

    /** Lets a role decrypt the stack's secrets and, for a deployment, encrypt new ones. */
    allow(role: aws.iam.Role, roleArn: string, { write }: { readonly write: boolean }): void {
        this.roles.push(role);
        this.statements.push({
            Effect: "Allow",
            Principal: { AWS: roleArn },
            Action: ["kms:Decrypt", ...(write ? ["kms:Encrypt"] : [])],
            Resource: "*",
        });
    }

    /** Makes the key, with a policy that names exactly who was allowed. To be called once, after all roles. */
    createKey(): void {
        const key = new aws.kms.Key(
            `${this.name}-key`,
            {
                description: `Secrets of Pulumi's state, ${this.alias}`,
                enableKeyRotation: true,
                deletionWindowInDays: 30,
                policy: keyPolicy(this.names.globalArn("iam", "root"), this.statements),
            },
            // KMS refuses a policy that names a role which does not exist.
            { parent: this, dependsOn: this.roles, protect: true },
        );
        new aws.kms.Alias(`${this.name}-alias`, { name: this.alias, targetKeyId: key.keyId }, { parent: this });
        this.registerOutputs({ providerUrl: this.providerUrl });
    }
}
