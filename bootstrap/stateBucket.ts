import * as pulumi from "@pulumi/pulumi";
import type * as aws from "@pulumi/aws";
import type { AccessLogBucket } from "../components/support/accessLogBucket";
import type { Encryption } from "../components/support/encryption";
import type { Statement } from "../components/support/policy";
import { PrivateBucket } from "../components/support/privateBucket";

export interface StateBucketArgs {
    readonly encryption: Encryption;
    readonly accessLogs: AccessLogBucket;
}

/**
 * The bucket of Pulumi's state: encrypted with a customer key, versioned, logged, and guarded against deletion.
 *
 * Where Pulumi keeps what: `pkg/backend/diy` of pulumi/pulumi (`store.go`, `lock.go`, `meta.go`, `stack_tags.go`).
 */
export class StateBucket extends pulumi.ComponentResource {
    /** Physical name, known before deploy. */
    public readonly bucketName: string;

    private readonly arn: string;
    private readonly encryption: Encryption;

    constructor(name: string, { encryption, accessLogs }: StateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:bootstrap:StateBucket", name, {}, opts);
        const bucket = new PrivateBucket(name, { encryption, accessLogs, versioning: true }, { parent: this });
        this.bucketName = bucket.bucketName;
        this.arn = bucket.arn;
        this.encryption = encryption;
        this.registerOutputs({ bucketName: this.bucketName });
    }

    /** What reading the state of some stacks takes: a preview takes no lock and writes nothing. */
    reading(project: string, stacks: readonly string[]): Statement[] {
        return [
            { Sid: "ListState", Effect: "Allow", Action: "s3:ListBucket", Resource: this.arn },
            { Sid: "ReadState", Effect: "Allow", Action: "s3:GetObject", Resource: this.keys(project, stacks) },
        ];
    }

    /** What changing the state of a stack takes: its lock, checkpoint, history and backups. */
    writing(project: string, stack: string): Statement[] {
        return [
            ...this.reading(project, [stack]),
            {
                Sid: "WriteState",
                Effect: "Allow",
                Action: ["s3:PutObject", "s3:DeleteObject"],
                Resource: this.keys(project, [stack]),
            },
        ];
    }

    /** Lets a role use the bucket's key for what it reads and, unless told otherwise, writes. */
    allowKey(role: aws.iam.Role, roleArn: string, { write }: { readonly write: boolean }): void {
        this.encryption.allowRole({
            ...{ role, roleArn, service: "s3" },
            actions: ["kms:Decrypt", ...(write ? ["kms:GenerateDataKey"] : [])],
            context: { "aws:s3:arn": this.arn },
        });
    }

    private keys(project: string, stacks: readonly string[]): string[] {
        const ofStack = (stack: string) => [
            `stacks/${project}/${stack}.*`,
            ...["history", "backups", "journal"].map((folder) => `${folder}/${project}/${stack}/*`),
            `locks/organization/${project}/${stack}/*`,
        ];
        return ["meta.yaml", ...stacks.flatMap(ofStack)].map((key) => `${this.arn}/.pulumi/${key}`);
    }
}
