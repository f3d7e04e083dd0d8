import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keyPolicy, type Statement } from "./policy";
import { stackNames } from "./names";

/** Who encrypts: AWS with its own keys, or the stack's one customer key. */
export type EncryptionMode = "aws-managed" | "customer-key";

export interface EncryptionArgs {
    /** `aws-managed` costs nothing; `customer-key` makes one KMS key, whose policy names every role and service that may use it. */
    readonly mode: EncryptionMode;
    /**
     * Guards the key against deletion by Pulumi: without it the data is lost.
     *
     * @default true
     */
    readonly protectData?: boolean;
}

/** What a role may do with the key, and through which service only. */
export interface KeyUse {
    /** The role; the key waits for it, since KMS refuses a policy that names a role which does not exist. */
    readonly role: aws.iam.Role;
    /** The role's ARN, as literal text. */
    readonly roleArn: string;
    /** e.g. `["kms:GenerateDataKey"]` */
    readonly actions: readonly string[];
    /** The service that uses the key for the role, e.g. `s3`. */
    readonly service: string;
    /** Encryption context that the service must give, e.g. `{ "aws:s3:arn": "arn:aws:s3:::…" }`. */
    readonly context: Readonly<Record<string, string>>;
}

/**
 * The stack's encryption at rest.
 *
 * Components take it as an argument, tell it during their construction who needs the key ({@link allowRole},
 * {@link allowLogGroup}), and hand {@link keyArn} to what they encrypt. The program calls
 * {@link createKey} last: then the key is made with its whole policy at once.
 */
export class Encryption extends pulumi.ComponentResource {
    /** ARN of the customer key; `undefined` when AWS-managed. Known once {@link createKey} was called. */
    public readonly keyArn: pulumi.Output<string> | undefined;

    private readonly statements: Statement[] = [];
    private readonly roles: aws.iam.Role[] = [];
    private readonly logGroups: string[] = [];
    private readonly resolveKeyArn: (arn: pulumi.Output<string>) => void = () => undefined;
    private readonly names = stackNames();

    constructor(
        private readonly name: string,
        private readonly args: EncryptionArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:support:Encryption", name, args, opts);
        if (args.mode === "customer-key") {
            [this.keyArn, this.resolveKeyArn] = pulumi.deferredOutput<string>();
        }
    }

    /** Lets a role use the key through one service. Nothing happens when AWS manages the keys. */
    allowRole({ role, roleArn, actions, service, context }: KeyUse): void {
        const { region } = this.names;
        this.roles.push(role);
        this.statements.push({
            Effect: "Allow",
            Principal: { AWS: roleArn },
            Action: [...actions],
            Resource: "*",
            Condition: {
                StringEquals: {
                    "kms:ViaService": `${service}.${region}.amazonaws.com`,
                    ...Object.fromEntries(
                        Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]),
                    ),
                },
            },
        });
    }

    /**
     * Lets Aurora DSQL use the key for the account's clusters. Their ids are made by AWS, after the key.
     *
     * Source: Aurora DSQL User Guide, "Data encryption".
     */
    allowDsqlClusters(): void {
        const ofClusters = { "aws:SourceArn": this.names.arn("dsql", "cluster/*") };
        this.allowService(
            "dsql.amazonaws.com",
            ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
            { StringLike: { "kms:EncryptionContext:aws:dsql:ClusterId": "*", ...ofClusters } },
        );
        this.allowService("dsql.amazonaws.com", ["kms:DescribeKey"], { StringLike: ofClusters });
    }

    /** Lets a service of AWS use the key, where a condition holds that narrows it to what it does for this account. */
    allowService(service: string, actions: readonly string[], condition: NonNullable<Statement["Condition"]>): void {
        this.statements.push({
            Effect: "Allow",
            Principal: { Service: service },
            Action: [...actions],
            Resource: "*",
            Condition: condition,
        });
    }

    /** Lets CloudWatch Logs encrypt one log group. */
    allowLogGroup(logGroup: string): void {
        this.logGroups.push(this.names.arn("logs", `log-group:${logGroup}`));
    }

    /** Makes the key, with a policy that names exactly who was allowed. To be called once, after all components. */
    createKey(): void {
        if (this.keyArn) {
            const key = new aws.kms.Key(
                `${this.name}-key`,
                {
                    description: `Data at rest of ${this.names.physical("").slice(0, -1)}`,
                    enableKeyRotation: true,
                    deletionWindowInDays: 30,
                    policy: keyPolicy(this.names.globalArn("iam", "root"), [
                        ...this.logStatements(),
                        ...this.statements,
                    ]),
                },
                { parent: this, dependsOn: this.roles, protect: this.args.protectData ?? true },
            );
            new aws.kms.Alias(
                `${this.name}-alias`,
                { name: `alias/${this.names.physical("data")}`, targetKeyId: key.keyId },
                { parent: this },
            );
            this.resolveKeyArn(key.arn);
        }
        this.registerOutputs({ keyArn: this.keyArn });
    }

    private logStatements(): Statement[] {
        return this.logGroups.length === 0
            ? []
            : [
                  {
                      Effect: "Allow",
                      Principal: { Service: `logs.${this.names.region}.amazonaws.com` },
                      Action: [
                          "kms:Decrypt",
                          "kms:DescribeKey",
                          "kms:Encrypt",
                          "kms:GenerateDataKey*",
                          "kms:ReEncrypt*",
                      ],
                      Resource: "*",
                      // The context holds the account, too: another account's log group cannot match.
                      Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": this.logGroups } },
                  },
              ];
    }
}
