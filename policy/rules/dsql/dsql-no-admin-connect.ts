import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { covers } from "../../support/iam/grants";
import { namesOneThing } from "../../support/iam/narrowing";
import { isLiteralArn, mayMatch } from "../../support/iam/resourceIds";
import { eachAllowed, type Statement } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "dsql-no-admin-connect",
    title: "Workloads connect to one Aurora DSQL cluster each, and not as its administrator.",
    why: "The role admin owns the schema and can read, change and grant everything in the cluster.",
    mend:
        "Allow dsql:DbConnect with a database role of the workload's own, on the cluster's ARN or on cluster/* with a literal " +
        "aws:ResourceTag by StringEquals.",
    sources: ["quartet"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], async function* (statement) {
            if (covers(statement, "dsql:DbConnectAdmin")) {
                yield { fault: `allows dsql:DbConnectAdmin in ${statement.place}`, finding: "dsql:DbConnectAdmin" };
            }
            for (const element of covers(statement, "dsql:DbConnect") ? await unnamedClusters(statement) : []) {
                yield { fault: `allows dsql:DbConnect on ${element} in ${statement.place}`, finding: "dsql:DbConnect" };
            }
        }),
};

/** Elements of a statement's resources that stand for clusters without naming one. */
async function unnamedClusters(statement: Statement): Promise<string[]> {
    const unnamed = statement.notResources ? ["all but its NotResource"] : [];
    for (const element of statement.resources) {
        const open = mayMatch(element, "dsql", "cluster/") && !isLiteralArn(element);
        if (open && !(await namesOneThing(element, () => statement.conditions))) {
            unnamed.push(element);
        }
    }
    return unnamed;
}
