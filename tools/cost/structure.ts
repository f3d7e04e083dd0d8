import type { Plan, PlannedResource } from "../../plan/types";
import { HOURS } from "./orders";

/** How the resources of a plan set each other off: what the cost of a call depends on. */
export interface Structure {
    readonly plan: Plan;
    /** APIs and their routes, by system. A system is a top-level component, and has calls where it has an API. */
    readonly apis: ReadonlyMap<string, readonly Api[]>;
    /** Functions that queues call, by the queue's ARN. */
    readonly consumers: ReadonlyMap<string, PlannedResource>;
    /** Functions that schedules call, and how often a month. */
    readonly schedules: readonly { readonly target: PlannedResource; readonly runs: number }[];
    /** Schedules whose times are not understood. */
    readonly strangeSchedules: readonly PlannedResource[];
    /** Name of the top-level component that a resource belongs to, or its own name where it has no parent. */
    systemOf(resource: PlannedResource): string;
    /** The resource of a name, as `cost.json` names it. */
    named(name: string): PlannedResource | undefined;
    ofType(type: string): PlannedResource[];
}

export interface Api {
    readonly resource: PlannedResource;
    readonly routes: readonly Route[];
}

export interface Route {
    /** E.g. `POST /events`. */
    readonly name: string;
    readonly target?: PlannedResource;
    readonly authorizer?: { readonly target: PlannedResource; readonly remembers: boolean };
}

export const FUNCTION = "aws:lambda/function:Function";
export const REST_API = "aws:apigateway/restApi:RestApi";

/** Reads out of a plan which functions its APIs, queues and schedules call. */
export function structureOf(plan: Plan): Structure {
    const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
    const ofType = (type: string) => plan.resources.filter((resource) => resource.type === type);
    const functions = new Map(ofType(FUNCTION).map((one) => [String(one.inputs.name), one]));
    const functionIn = (text: unknown) => functions.get(functionName(String(text)));
    const systemOf = (resource: PlannedResource): string => {
        const parent = byUrn.get(resource.parent ?? "");
        return parent ? systemOf(parent) : resource.name;
    };
    const customs = new Map(plan.resources.filter(({ custom }) => custom).map((one) => [one.name, one]));
    const apis = Map.groupBy(
        ofType(REST_API).map((resource) => ({ resource, routes: routesOf(resource, functionIn) })),
        ({ resource }) => systemOf(resource),
    );
    const mappings = ofType("aws:lambda/eventSourceMapping:EventSourceMapping").flatMap(({ inputs }) => {
        const consumer = functionIn(inputs.functionName);
        return consumer ? [[String(inputs.eventSourceArn), consumer] as const] : [];
    });
    const rules = ofType("aws:cloudwatch/eventRule:EventRule").filter(({ inputs }) => inputs.scheduleExpression);
    const schedules = rules.flatMap((rule) => {
        const runs = runsPerMonth(String(rule.inputs.scheduleExpression));
        return ofType("aws:cloudwatch/eventTarget:EventTarget")
            .filter(({ inputs }) => inputs.rule === rule.inputs.name)
            .flatMap(({ inputs }) => functionIn(inputs.arn) ?? [])
            .flatMap((target) => (runs === undefined ? [] : { target, runs }));
    });
    return {
        ...{ plan, apis, consumers: new Map(mappings), schedules, systemOf, ofType },
        strangeSchedules: rules.filter(({ inputs }) => runsPerMonth(String(inputs.scheduleExpression)) === undefined),
        named: (name) => customs.get(name),
    };
}

/** Whatever names a function: its name, its ARN, the URI of an integration, each with or without an alias. */
function functionName(text: string): string {
    return /function:([\w-]+)/.exec(text)?.[1] ?? text.split(":")[0];
}

interface Operation {
    readonly security?: readonly Readonly<Record<string, unknown>>[];
    readonly "x-amazon-apigateway-integration"?: { readonly uri?: string };
}

interface Body {
    readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components?: { readonly securitySchemes?: Readonly<Record<string, Scheme>> };
}

interface Scheme {
    readonly "x-amazon-apigateway-authorizer"?: {
        readonly authorizerUri?: string;
        readonly authorizerResultTtlInSeconds?: number;
    };
}

function routesOf(api: PlannedResource, functionIn: (text: unknown) => PlannedResource | undefined): Route[] {
    const { paths = {}, components } = JSON.parse(String(api.inputs.body ?? "{}")) as Body;
    const authorizerOf = ({ security = [] }: Operation): Route["authorizer"] => {
        const names = security.flatMap((scheme) => Object.keys(scheme));
        for (const name of names) {
            const scheme = components?.securitySchemes?.[name]?.["x-amazon-apigateway-authorizer"];
            const target = scheme && functionIn(scheme.authorizerUri);
            if (target) {
                return { target, remembers: scheme.authorizerResultTtlInSeconds !== 0 };
            }
        }
        return undefined;
    };
    return Object.entries(paths).flatMap(([path, operations]) =>
        Object.entries(operations)
            .filter(([method]) => method in METHODS)
            .map(([method, operation]) => ({
                name: `${METHODS[method]} ${path}`,
                target: functionIn(operation["x-amazon-apigateway-integration"]?.uri),
                authorizer: authorizerOf(operation),
            })),
    );
}

/** As OpenAPI writes them. */
const METHODS: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
        ["get", "put", "post", "delete", "options", "head", "patch"].map((method) => [method, method.toUpperCase()]),
    ),
    "x-amazon-apigateway-any-method": "ANY",
};

/** Only rates: what a cron expression comes to is not worked out here. */
function runsPerMonth(expression: string): number | undefined {
    const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
    const hours = { minute: 1 / 60, hour: 1, day: 24 }[unit];
    return hours === undefined ? undefined : HOURS / (Number(count) * hours);
}
