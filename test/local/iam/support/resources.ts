import type { PlannedResource } from "../../../../plan/types";

/** A planned resource with as much as providers read. */
export function resource(type: string, inputs: object, outputs: object = {}): PlannedResource {
    return {
        urn: `urn:pulumi:test::test::${type}::x`,
        type,
        name: "x",
        custom: true,
        inputs: inputs as Record<string, unknown>,
        id: "x",
        outputs: { ...inputs, ...outputs },
        dependsOn: [],
        protect: false,
    };
}

/** A trust policy for one principal. */
export function trustOf(Principal: object, Condition?: object): string {
    const statement = { Effect: "Allow", Principal, Action: "sts:AssumeRole", ...(Condition && { Condition }) };
    return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
