import { serviceOf } from "../../support/iam/services";
import { namesSource } from "../../support/iam/sources";
import { eachAllowed } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";
import { textsOf } from "../../support/values";

export const rule: Rule = {
    id: "iam-trust-service-confused-deputy",
    title: "A service may take a role on behalf of the account's own resources alone.",
    why: "A service works for everybody. Without a named source, somebody else's resource can make it take the role.",
    mend: "Demand aws:SourceAccount, or aws:SourceArn with the account, in assumeRolePolicy.",
    sources: [
        "IAM Access Analyzer restrict access to service principal",
        "prowler iam_role_cross_service_confused_deputy_prevention",
        "boogy trust_policy_validation",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:iam/role:Role"],
    options: {
        services: {
            what: "Services that tell no source when they take a role, or only take roles of their own resource's account",
            schema: { type: "array", items: { type: "string" } },
            ...both([
                "apigateway.amazonaws.com",
                "ec2.amazonaws.com",
                "edgelambda.amazonaws.com",
                "lambda.amazonaws.com",
            ]),
        },
    },
    check: (role, { services }) =>
        eachAllowed(role, ["trust"], function* (statement) {
            const excused = textsOf(services).map(serviceOf);
            for (const { kind, value } of statement.principals) {
                if (kind === "Service" && !excused.includes(serviceOf(value)) && !namesSource(statement.conditions)) {
                    yield { fault: `trusts ${value} for any account in ${statement.place}`, finding: value };
                }
            }
        }),
};

function both(value: readonly string[]) {
    return { dev: value, prod: value };
}
