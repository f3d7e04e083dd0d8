import { allow, type ServiceAccess } from "./types";

/** REST APIs, their keys and usage plans. AWS makes their ids, and what lies in an API has the API's tags. */
export const apiGateway: ServiceAccess = ({ names, own, made }) => {
    const arn = (path: string) => `arn:${names.partition}:apigateway:${names.region}::${path}`;
    const kinds = ["/apikeys", "/restapis", "/usageplans"];
    const things = kinds.map((kind) => arn(`${kind}/*`));
    const kindsOf = (...types: readonly string[]) => types.map((type) => `aws:apigateway/${type}`);
    return {
        types: kindsOf(
            ...["account:Account", "apiKey:ApiKey", "deployment:Deployment", "methodSettings:MethodSettings"],
            ...["restApi:RestApi", "stage:Stage", "usagePlan:UsagePlan", "usagePlanKey:UsagePlanKey"],
        ),
        read: [allow("apigateway:GET", things, own), allow("apigateway:GET", arn("/account"))],
        change: [
            allow("apigateway:POST", kinds.map(arn), made),
            allow(["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"], things, own),
            // AWS asks for this where something is made with tags. It does not tell whose the thing is.
            allow("apigateway:PUT", arn("/tags/*"), made),
            allow("apigateway:PATCH", arn("/account")),
            allow("apigateway:SetWebACL", arn("/restapis/*/stages/*"), own),
        ],
    };
};

/** The firewall before the APIs, and where it logs. */
export const waf: ServiceAccess = ({ names, prefix }) => {
    const own = names.arn("wafv2", `regional/webacl/${prefix}-*/*`);
    const stages = `arn:${names.partition}:apigateway:${names.region}::/restapis/*/stages/*`;
    return {
        types: [
            "aws:wafv2/webAcl:WebAcl",
            "aws:wafv2/webAclAssociation:WebAclAssociation",
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        ],
        read: [
            allow(["wafv2:GetLoggingConfiguration", "wafv2:GetWebACL", "wafv2:ListTagsForResource"], own),
            allow("wafv2:GetWebACLForResource", [own, stages]),
        ],
        change: [
            allow(
                [
                    ...["wafv2:DeleteLoggingConfiguration", "wafv2:DeleteWebACL", "wafv2:PutLoggingConfiguration"],
                    ...["wafv2:TagResource", "wafv2:UntagResource"],
                ],
                own,
            ),
            // The groups of rules that AWS and others manage are of nobody's stack.
            allow(
                ["wafv2:CreateWebACL", "wafv2:UpdateWebACL"],
                [own, names.arn("wafv2", "regional/managedruleset/*/*")],
            ),
            // Of which API the stage is, `apigateway:SetWebACL` decides by the API's tags.
            allow(["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"], [own, stages]),
        ],
    };
};

/** Log groups, and no line in them. */
export const logs: ServiceAccess = ({ names, prefix }) => {
    const own = ["/aws/apigateway/", "/aws/ecs/", "/aws/lambda/", "/aws/vpc/", "aws-waf-logs-"].map((kind) =>
        names.arn("logs", `log-group:${kind}${prefix}-*`),
    );
    return {
        types: ["aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"],
        read: [
            allow("logs:ListTagsForResource", own),
            // AWS allows these on all or on none.
            allow(["logs:DescribeLogGroups", "logs:DescribeResourcePolicies"], "*"),
        ],
        change: [
            allow(
                [
                    ...["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup"],
                    ...["logs:DeleteRetentionPolicy", "logs:DisassociateKmsKey", "logs:PutRetentionPolicy"],
                    ...["logs:TagResource", "logs:UntagResource"],
                ],
                own,
            ),
            allow(
                [
                    ...["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DeleteResourcePolicy"],
                    "logs:PutResourcePolicy",
                ],
                "*",
            ),
        ],
    };
};

/** Alarms and dashboards. */
export const cloudWatch: ServiceAccess = ({ names, prefix }) => {
    const alarms = names.arn("cloudwatch", `alarm:${prefix}-*`);
    const dashboards = names.globalArn("cloudwatch", `dashboard/${prefix}-*`);
    return {
        types: ["aws:cloudwatch/dashboard:Dashboard", "aws:cloudwatch/metricAlarm:MetricAlarm"],
        read: [
            allow(["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"], alarms),
            allow("cloudwatch:GetDashboard", dashboards),
        ],
        change: [
            allow(
                [
                    ...["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"],
                    ...["cloudwatch:TagResource", "cloudwatch:UntagResource"],
                ],
                alarms,
            ),
            allow(["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"], dashboards),
        ],
    };
};
