import * as assert from "node:assert/strict";
import type { Plan, PlannedResource } from "../../../plan/types";
import { assume, type Assumptions } from "../../../tools/cost/assumptions";
import { parseSettings } from "../../../tools/cost/settings";
import { stackCost, type StackCost, type SystemCost } from "../../../tools/cost/stackCost";

type Given = Partial<PlannedResource> & Pick<PlannedResource, "type" | "name">;

/** A plan of the resources given. A parent is given by its name. */
export function costPlan(resources: readonly Given[]): Plan {
    return {
        ...{ project: "p", stack: "s", region: "eu-west-1", account: "1", outputs: {}, secretOutputs: [] },
        resources: resources.map(({ parent, ...given }): PlannedResource => ({
            ...{ urn: urn(given.name), custom: true, inputs: {}, outputs: {}, id: given.name },
            ...{ dependsOn: [], protect: false, ...given },
            ...(parent !== undefined && { parent: urn(parent) }),
        })),
    };
}

export function component(name: string): Given {
    return { type: "p:components:Any", name, custom: false };
}

export function lambdaFunction(name: string, parent: string, inputs: Record<string, unknown> = {}): Given {
    return {
        ...{ type: "aws:lambda/function:Function", name, parent },
        inputs: { name, architectures: ["arm64"], memorySize: 512, ...inputs },
    };
}

/** An API whose routes, e.g. `POST /a`, call functions, behind an authorizer if one is named. */
export function restApi(
    name: string,
    parent: string,
    routes: Readonly<Record<string, string>>,
    authorizer?: { readonly name: string; readonly seconds: number },
): Given {
    const uri = (of: string) => `arn:aws:apigateway:eu-west-1:lambda:path/x/functions/${functionArn(of)}/invocations`;
    const operations = Object.entries(routes).map(([route, target]) => {
        const [method, path] = route.split(" ");
        const operation = {
            ...{ "x-amazon-apigateway-integration": { uri: uri(target) } },
            ...(authorizer && { security: [{ guard: [] }] }),
        };
        return [path, { [method.toLowerCase()]: operation }] as const;
    });
    const guard = authorizer && {
        authorizerUri: uri(authorizer.name),
        authorizerResultTtlInSeconds: authorizer.seconds,
    };
    const body = {
        paths: Object.fromEntries(operations),
        components: { securitySchemes: { guard: { "x-amazon-apigateway-authorizer": guard } } },
    };
    return { type: "aws:apigateway/restApi:RestApi", name, parent, inputs: { body: JSON.stringify(body) } };
}

export function functionArn(name: string): string {
    return `arn:aws:lambda:eu-west-1:111111111111:function:${name}`;
}

/** A system of one route, `POST /a`, and its function. */
export const API: readonly Given[] = [
    component("shop"),
    lambdaFunction("f", "shop"),
    restApi("api", "shop", { "POST /a": "f" }),
];

/** What resources cost, with what `cost.json` would say, and other assumptions than its. */
export function costOf(
    resources: readonly Given[],
    settings: object = {},
    others: Partial<Assumptions> = {},
    calls: number | Record<string, number> = 0,
): StackCost {
    return stackCost(costPlan(resources), parseSettings(settings, "cost.json"), assume(others), calls);
}

export function system({ systems }: StackCost, name: string): SystemCost {
    return systems.find((one) => one.name === name)!;
}

/** USD that a million calls of a system add for a service and unit. */
export function item(cost: StackCost, name: string, service: string, unit: string): number {
    return system(cost, name)
        .items.filter((one) => one.service === service && one.unit === unit)
        .reduce((sum, { perMillionCallsUsd }) => sum + perMillionCallsUsd, 0);
}

export function near(actual: number, expected: number): void {
    assert.ok(Math.abs(actual - expected) < 1e-6 * Math.max(1, expected), `${actual} is not ${expected}`);
}

function urn(name: string): string {
    return `urn:pulumi:s::p::t::${name}`;
}
