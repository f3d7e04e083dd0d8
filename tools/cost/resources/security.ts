import type { Month } from "../month";
import { PRICES } from "../prices";
import { REST_API } from "../structure";
import { requestsOf } from "./apiGateway";
import { apiIn } from "./cloudWatch";
import type { Pricing, ServicePricing } from "./pricing";

/** The ACL and its rules; a group of rules that AWS manages counts as one. */
const acl: Pricing = ({ inputs }) => [
    { price: PRICES.waf.webAclMonth, units: 1 },
    { price: PRICES.waf.ruleMonth, units: ((inputs.rules as readonly unknown[] | undefined) ?? []).length },
];

/** Requests are paid where they are looked at: before an API. */
const guarded: Pricing = ({ inputs }, month) => [
    { price: PRICES.waf.request, units: requestsOf(apiIn(inputs.resourceArn), month) },
];

/** The key; requests are those of the services that encrypt by it, spread over the keys that there are. */
const key: Pricing = (resource, month) => [
    { price: PRICES.kms.keyMonth, units: 1 },
    { price: PRICES.kms.request, units: month.amount(resource, "requests") + requestsOfServices(month) },
];

function requestsOfServices(month: Month): number {
    const calls = month.total(REST_API, "requests") * month.assumptions.kmsRequestShare;
    return calls / month.structure.ofType("aws:kms/key:Key").length;
}

/** WAF, KMS, IAM, and CodeDeploy, which costs nothing for functions. */
export const security: ServicePricing = {
    priced: {
        "aws:wafv2/webAcl:WebAcl": acl,
        "aws:wafv2/webAclAssociation:WebAclAssociation": guarded,
        "aws:kms/key:Key": key,
        "aws:secretsmanager/secret:Secret": () => [{ price: PRICES.secretsManager.secretMonth, units: 1 }],
    },
    free: [
        "aws:codedeploy/application:Application",
        "aws:codedeploy/deploymentConfig:DeploymentConfig",
        "aws:codedeploy/deploymentGroup:DeploymentGroup",
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:kms/keyPolicy:KeyPolicy",
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    ],
};
