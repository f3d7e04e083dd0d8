import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";
import { logGroup, type Operations } from "./operations";
import { document } from "./policy";

/** Arguments for {@link Firewall}. */
export interface FirewallArgs {
    /** Requests that one address may make in five minutes to all APIs together, from 10 to 2 000 000 000. */
    readonly requestsPerAddress: number;
    readonly operations: Operations;
}

/**
 * AWS WAF before the stages of APIs: Amazon's common rules, and a limit for each address. Everything else passes. What is
 * blocked or counted is logged, without the headers that let callers in.
 */
export class Firewall extends pulumi.ComponentResource {
    private readonly acl: aws.wafv2.WebAcl;

    constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:Firewall", name, {}, opts);
        const { physical } = stackNames();
        const visibility = (metricName: string) => ({
            metricName: physical(`${name}-${metricName}`),
            cloudwatchMetricsEnabled: true,
            // Samples keep whole requests, headers with their keys among them.
            sampledRequestsEnabled: false,
        });
        this.acl = new aws.wafv2.WebAcl(
            `${name}-acl`,
            {
                name: physical(name),
                scope: "REGIONAL",
                defaultAction: { allow: {} },
                visibilityConfig: visibility("all"),
                rules: [
                    {
                        name: "requests-per-address",
                        priority: 0,
                        action: { block: {} },
                        statement: {
                            rateBasedStatement: {
                                limit: args.requestsPerAddress,
                                aggregateKeyType: "IP",
                                evaluationWindowSec: 300,
                            },
                        },
                        visibilityConfig: visibility("requests-per-address"),
                    },
                    {
                        name: "common-rules",
                        priority: 1,
                        overrideAction: { none: {} },
                        statement: {
                            managedRuleGroupStatement: {
                                vendorName: "AWS",
                                name: "AWSManagedRulesCommonRuleSet",
                                ruleActionOverrides: BODY_RULES.map((rule) => ({
                                    name: rule,
                                    actionToUse: { count: {} },
                                })),
                            },
                        },
                        visibilityConfig: visibility("common-rules"),
                    },
                ],
            },
            { parent: this },
        );
        this.log(name, args.operations);
        this.registerOutputs({});
    }

    /** Puts the firewall before a stage. */
    protect(name: string, stage: aws.apigateway.Stage, opts: pulumi.CustomResourceOptions): void {
        new aws.wafv2.WebAclAssociation(name, { webAclArn: this.acl.arn, resourceArn: stage.arn }, opts);
    }

    private log(name: string, operations: Operations): void {
        const names = stackNames();
        // WAF takes log groups of this prefix alone.
        const logGroupName = `aws-waf-logs-${names.physical(name)}`;
        const group = logGroup(`${name}-logs`, logGroupName, operations, { parent: this });
        const arn = names.arn("logs", `log-group:${logGroupName}`);
        const policy = new aws.cloudwatch.LogResourcePolicy(
            `${name}-logs-policy`,
            {
                policyName: names.physical(`${name}-logs`),
                policyDocument: document([
                    {
                        Effect: "Allow",
                        Principal: { Service: "delivery.logs.amazonaws.com" },
                        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                        Resource: `${arn}:*`,
                        Condition: {
                            StringEquals: { "aws:SourceAccount": names.account },
                            ArnLike: { "aws:SourceArn": names.arn("logs", "*") },
                        },
                    },
                ]),
            },
            { parent: this },
        );
        new aws.wafv2.WebAclLoggingConfiguration(
            `${name}-logging`,
            {
                resourceArn: this.acl.arn,
                logDestinationConfigs: [arn],
                redactedFields: SECRET_HEADERS.map((header) => ({ singleHeader: { name: header } })),
                loggingFilter: {
                    defaultBehavior: "DROP",
                    filters: [
                        {
                            behavior: "KEEP",
                            requirement: "MEETS_ANY",
                            conditions: ["BLOCK", "COUNT"].map((action) => ({ actionCondition: { action } })),
                        },
                    ],
                },
            },
            { parent: this, dependsOn: [group, policy] },
        );
    }
}

/** Headers by which callers show who they are, in lower case. */
const SECRET_HEADERS = ["authorization", "x-api-key", "x-auth-token"];

/**
 * Rules that look into bodies only count: they would refuse events over 8 kB, and those that quote a script or a path. The
 * handlers check every body against its schema.
 */
const BODY_RULES = [
    "SizeRestrictions_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "CrossSiteScripting_BODY",
];
