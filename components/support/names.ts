import * as pulumi from "@pulumi/pulumi";

/**
 * Physical names and ARNs, all known before anything is deployed: tests and policies can then read whole documents in a
 * preview, and no data source, hence no credentials, is needed to make one.
 */
export interface Names {
    readonly region: string;
    /** The one account that the stack may be deployed to. */
    readonly account: string;
    /** `aws`, or `aws-cn` and `aws-us-gov` in their regions. */
    readonly partition: string;
    /**
     * `<project>-<stack>-<purpose>`, for names that are unique within an account and region.
     *
     * @throws When the name is longer than 64 characters, the limit of roles and functions.
     */
    physical(purpose: string): string;
    /**
     * `<project>-<stack>-<purpose>-<account>`, for bucket names, which are unique among all accounts.
     *
     * @throws When the name is longer than 63 characters.
     */
    bucket(purpose: string): string;
    /** ARN of a resource of this account and region, e.g. `arn("lambda", "function:quartet-dev-x")`. */
    arn(service: string, resource: string): string;
    /** ARN of a resource of this account in no region, e.g. `globalArn("iam", "role/quartet-dev-x")`. */
    globalArn(service: string, resource: string): string;
    /** URL of a queue of this account and region. Source: SQS Developer Guide, "Queue and message identifiers". */
    queueUrl(name: string): string;
    /** ARN of a bucket, or of objects in it. */
    bucketArn(bucket: string, keys?: string): string;
}

/**
 * The names of the stack at hand.
 *
 * @throws When the stack's config lacks `aws:region`, or `aws:allowedAccountIds` is not a list of one account id.
 */
export function stackNames(): Names {
    const config = new pulumi.Config("aws");
    const prefix = `${pulumi.getProject()}-${pulumi.getStack()}`;
    return namesOf(prefix, readRegion(config), readAccount(config));
}

/** The names under a prefix, in one account and region. */
export function namesOf(prefix: string, region: string, account: string): Names {
    const partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    return {
        region,
        account,
        partition,
        physical: (purpose) => checkLength(`${prefix}-${purpose}`, 64),
        bucket: (purpose) => checkLength(`${prefix}-${purpose}-${account}`, 63),
        arn: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
        globalArn: (service, resource) => `arn:${partition}:${service}::${account}:${resource}`,
        queueUrl: (name) =>
            `https://sqs.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/${account}/${name}`,
        bucketArn: (bucket, keys) => `arn:${partition}:s3:::${bucket}${keys === undefined ? "" : `/${keys}`}`,
    };
}

function checkLength(name: string, limit: number): string {
    if (name.length > limit) {
        throw new pulumi.RunError(
            `The name ${name} has ${name.length} characters, AWS allows ${limit}; shorten the component's name or the stack's.`,
        );
    }
    return name;
}

function readRegion(config: pulumi.Config): string {
    const region = config.get("region");
    if (!region || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
        throw new pulumi.RunError(
            `aws:region ${described(region)}: it must be the name of a region, such as eu-west-1.`,
        );
    }
    return region;
}

function readAccount(config: pulumi.Config): string {
    const text = config.get("allowedAccountIds");
    const account = text === undefined ? undefined : /^\[\s*"?(\d{12})"?\s*\]$/.exec(text)?.[1];
    if (!account) {
        throw new pulumi.RunError(
            `aws:allowedAccountIds ${described(text)}: it must be a list of the one account id that the stack may be deployed to, such as ["123456789012"].`,
        );
    }
    return account;
}

function described(value: string | undefined): string {
    return value === undefined ? "is missing" : `is ${value}`;
}
