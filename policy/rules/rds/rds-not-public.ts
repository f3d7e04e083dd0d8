import { DB_CLUSTER_INSTANCE, DB_INSTANCE } from "../../support/rds/databases";
import { each } from "../../support/failClosed";
import { isPublic, ROUTE_TYPES, subnetsIn } from "../../support/ec2/routes";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";

export const rule: Rule = {
    id: "rds-not-public",
    title: "Databases have no public addresses and lie in subnets without a route to the internet.",
    why: "A database that the internet reaches is found within minutes, and then its password is all that protects it.",
    mend: "Leave publiclyAccessible out.",
    sources: [
        "cdk-nag RDSInstancePublicAccess",
        "Security Hub RDS.2",
        "Security Hub RDS.46",
        "checkov CKV_AWS_17",
        "awsguard rds-instance-public-access",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER_INSTANCE, SUBNET_GROUP],
    joins: ROUTE_TYPES,
    *check({ props }) {
        if (isTrue(props.publiclyAccessible)) {
            yield { fault: "has a public address", finding: "publiclyAccessible" };
        }
    },
    *checkInStack(group, stack) {
        if (group.type !== SUBNET_GROUP) {
            return;
        }
        yield* each(subnetsIn(group, "subnetIds", stack), function* (subnet) {
            if (isPublic(subnet, stack)) {
                yield {
                    fault: `holds subnet ${subnet.name}, which has a route to an internet gateway`,
                    finding: subnet.name,
                    mend: "Set subnetIds to subnets without a route to an internet gateway.",
                };
            }
        });
    },
};
