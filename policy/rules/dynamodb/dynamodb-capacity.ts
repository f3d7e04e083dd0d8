import { each } from "../../support/failClosed";
import { ifKnown } from "../../support/known";
import type { Stack, StackResource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { propsListOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "dynamodb-capacity",
    title: "The capacity of tables and their indexes follows the load.",
    why: "A fixed capacity throttles requests above it, which anybody who can send many requests may bring about.",
    mend: "Set billingMode to PAY_PER_REQUEST or add an appautoscaling Target for the capacity.",
    sources: [
        "cdk-nag DynamoDBAutoScalingEnabled",
        "Security Hub DynamoDB.1",
        "checkov CKV2_AWS_16",
        "Pulumi best practices dynamodb-auto-scaling-enabled",
    ],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: ["aws:dynamodb/table:Table"],
    joins: ["aws:appautoscaling/target:Target"],
    *checkInStack(table, stack) {
        if (textOf(table.props.billingMode) === "PAY_PER_REQUEST") {
            return;
        }
        yield* fixed(table, stack);
        yield* each(propsListOf(table.props.globalSecondaryIndexes), (index) =>
            fixed(table, stack, textOf(index.name)),
        );
    },
};

/** Capacities of a table, or of one of its indexes, that nothing scales. */
function* fixed(table: StackResource, stack: Stack, index?: string): Generator<Fault> {
    const targets = stack.ofType("aws:appautoscaling/target:Target");
    for (const kind of ["read", "write"] as const) {
        const dimension = `dynamodb:${index === undefined ? "table" : "index"}:${UNITS[kind]}`;
        if (!targets.some((target) => scales(target, dimension, table, index))) {
            const of = index === undefined ? "" : ` of its index ${index}`;
            yield {
                fault: `does not scale the ${kind} capacity${of}`,
                finding: index === undefined ? UNITS[kind] : `${index}:${UNITS[kind]}`,
            };
        }
    }
}

const UNITS = { read: "ReadCapacityUnits", write: "WriteCapacityUnits" };

function scales(target: StackResource, dimension: string, table: StackResource, index?: string): boolean {
    if (textOf(target.props.scalableDimension) !== dimension) {
        return false;
    }
    const id = ifKnown(() => textOf(target.props.resourceId));
    if (id === undefined) {
        return target.referred("resourceId").includes(table.urn);
    }
    const name = ifKnown(() => textOf(table.outputs.name));
    return id === `table/${name}${index === undefined ? "" : `/index/${index}`}`;
}
