import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";

/** Arguments for {@link Firewall}. */
export interface FirewallArgs {
    /** ARN of the API's stage that it stands before. */
    readonly stageArn: pulumi.Input<string>;
    /** Requests that one address may make in five minutes, from 10 to 2 000 000 000. */
    readonly requestsPerAddress: number;
}

/** AWS WAF before a stage: Amazon's common rules, and a limit for each address. Everything else passes. */
export class Firewall extends pulumi.ComponentResource {
    constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:Firewall", name, args, opts);
        const { physical } = stackNames();
        const visibility = (metricName: string) => ({
            metricName: physical(`${name}-${metricName}`),
            cloudwatchMetricsEnabled: true,
            // Samples keep whole requests, headers with their keys among them.
            sampledRequestsEnabled: false,
        });
        const acl = new aws.wafv2.WebAcl(
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
                            managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" },
                        },
                        visibilityConfig: visibility("common-rules"),
                    },
                ],
            },
            { parent: this },
        );
        new aws.wafv2.WebAclAssociation(
            `${name}-association`,
            { webAclArn: acl.arn, resourceArn: args.stageArn },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
