import { REST_API } from "../../support/apigateway/apiMethods";
import type { Rule } from "../../support/rule";
import { isSet, textOf } from "../../support/values";

export const rule: Rule = {
    id: "apigw-tls-policy",
    title: "Domain names and APIs take TLS 1.2 or later.",
    why: "TLS 1.0 and 1.1 are broken: who listens on the way can read and change requests and answers.",
    mend: "Set securityPolicy to TLS_1_2 or to a policy for TLS 1.3.",
    sources: [
        "Security Hub APIGateway.11",
        "checkov CKV_AWS_206",
        "Pulumi aws-apigateway-domainname-configure-security-policy",
        "trivy apigateway/use_secure_tls_policy",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:apigateway/domainName:DomainName", REST_API],
    *check({ type, props }) {
        // An API's own endpoint has a policy of AWS's choice unless it is set.
        if (type === REST_API && !isSet(props, "securityPolicy")) {
            return;
        }
        if (!/^(TLS_1_[23]|SecurityPolicy_TLS1[23]_\w+)$/.test(textOf(props.securityPolicy) ?? "")) {
            yield { fault: "may take TLS before 1.2" };
        }
    },
};
