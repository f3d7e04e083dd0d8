import { signedRoutes } from "../../support/iam/apiAccess";
import { RESOURCE_POLICY_TYPES } from "../../support/iam/documents";
import { endpointIsNarrowed } from "../../support/iam/endpointAccess";
import { labelOf } from "../../support/iam/labels";
import { publicResources } from "../../support/iam/publicAccess";
import { eachAllowed, type Statement } from "../../support/iam/statements";
import type { Resource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";

export const rule: Rule = {
    id: "resource-policy-no-public-principal",
    title: "Resource policies allow nothing to everybody.",
    why: "A principal * lets everybody in who has an account of AWS, and often those without one.",
    mend: "Name principals, or demand a fixed account, organization, role, endpoint or source.",
    sources: [
        "cdk-nag AwsSolutions-ECR1",
        "cdk-nag AwsSolutions-S5",
        "Security Hub S3.2",
        "Security Hub SQS.3",
        "Security Hub SNS.4",
        "checkov CKV_AWS_70",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    // Policies of keys are judged by kms-key-policy-scoped.
    types: RESOURCE_POLICY_TYPES.filter((type) => !type.startsWith("aws:kms/")),
    check: (resource) =>
        eachAllowed(resource, ["resource"], async function* (statement, document) {
            const open = publicResources(statement, document);
            if (open.length > 0) {
                yield* publicFaults(resource, statement, open);
            }
        }),
};

async function* publicFaults(resource: Resource, statement: Statement, open: readonly string[]): AsyncGenerator<Fault> {
    const finding = labelOf(statement);
    switch (resource.type) {
        case "aws:ec2/vpcEndpoint:VpcEndpoint":
        case "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy":
            if (!(await endpointIsNarrowed(statement, open))) {
                const mend =
                    "Name ARNs in Resource, or demand aws:PrincipalArn, aws:PrincipalOrgID or aws:ResourceAccount.";
                yield { fault: `lets everybody reach everything in ${statement.place}`, finding, mend };
            }
            return;
        case "aws:apigateway/restApi:RestApi": {
            const routes = signedRoutes(resource, open);
            if (routes?.length !== 0) {
                const what = routes?.join(" and ") ?? "routes";
                yield { fault: `allows ${what} to everybody in ${statement.place}`, finding };
            }
            return;
        }
        default: {
            const actions = statement.notActions ? ["all but its NotAction"] : statement.actions;
            yield { fault: `allows ${actions.join(" and ")} to everybody in ${statement.place}`, finding };
        }
    }
}
