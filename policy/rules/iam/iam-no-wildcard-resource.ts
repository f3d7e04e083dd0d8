import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { described, unlimitedGrants } from "../../support/iam/grants";
import { eachAllowed } from "../../support/iam/statements";
import { textsOf } from "../../support/values";

export const rule: Rule = {
    id: "iam-no-wildcard-resource",
    title: "Identity policies name the resources of each action for which AWS lets them be named.",
    why: "On all resources, an action reaches other workloads' data, and things that are made later.",
    mend: "Name ARNs in the statement's Resource, or the resources by a condition such as aws:ResourceTag.",
    sources: ["cdk-nag AwsSolutions-IAM5", "checkov CKV_AWS_355", "checkov CKV_AWS_290", "boogy wildcard_resource"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    options: {
        wholeAccountActions: {
            what: "Actions that may be allowed on all resources though AWS lists resources for them: their ids are unknown in advance",
            schema: { type: "array", items: { type: "string", pattern: "^[a-z0-9-]+:[A-Za-z]+$" } },
            dev: ["cloudwatch:PutMetricData", "ec2:CreateNetworkInterface"],
            prod: ["cloudwatch:PutMetricData", "ec2:CreateNetworkInterface"],
        },
    },
    check: (resource, config) => {
        const allowed = new Set(textsOf(config.wholeAccountActions).map((action) => action.toLowerCase()));
        const meant = described(
            ({ name, resourceLevel }) => resourceLevel && !allowed.has(name.toLowerCase()),
            "meant",
        );
        return eachAllowed(resource, ["identity"], (statement) => unlimitedGrants(statement, meant, { excuse: true }));
    },
};
