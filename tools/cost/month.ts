import type { PlannedResource } from "../../plan/types";
import type { Assumptions } from "./assumptions";
import type { CostSettings } from "./settings";
import { FUNCTION, type Api, type Route, type Structure } from "./structure";

/** What the resources of a stack are used for in a month with so many calls of each system. */
export interface Month {
    readonly structure: Structure;
    readonly assumptions: Assumptions;
    /** How much of something a resource is used for, e.g. `runs` of a function; 0 where it is not. */
    amount(resource: PlannedResource, what: string): number;
    /** All that a resource is used for. */
    amounts(resource: PlannedResource): readonly (readonly [what: string, amount: number])[];
    /** Sum over all resources of a type. */
    total(type: string, what: string): number;
}

/** What resources can be used for, by type: what the work in `cost.json` may name. */
const USES: Readonly<Record<string, readonly string[]>> = {
    [FUNCTION]: ["runs"],
    "aws:s3/bucket:Bucket": ["writes", "reads", "bytes", "bytes <prefix>"],
    "aws:sqs/queue:Queue": ["messages", "requests"],
    "aws:dynamodb/table:Table": ["writes", "reads", "bytes"],
    "aws:dsql/cluster:Cluster": ["transactions", "bytes"],
    "aws:ecs/taskDefinition:TaskDefinition": ["tasks"],
    "aws:sns/topic:Topic": ["publishes"],
    "aws:kms/key:Key": ["requests"],
};

/**
 * Follows the calls of each system, and what its schedules call, through the plan: from routes to functions, from functions to what their
 * work uses, from queues to their consumers.
 *
 * @param calls A month's calls by system. One that is not named has none.
 * @throws When the work or the calls of the settings name what a resource does not have, or work comes back to where it began.
 */
export function monthOf(
    structure: Structure,
    { work, calls: shares }: CostSettings,
    assumptions: Assumptions,
    calls: Readonly<Record<string, number>>,
): Month {
    const amounts = new Map<string, Map<string, number>>();
    const add = ({ urn }: PlannedResource, what: string, amount: number) => {
        const mine = amounts.get(urn) ?? new Map<string, number>();
        amounts.set(urn, mine.set(what, (mine.get(what) ?? 0) + amount));
    };
    const flow: Flow = { structure, assumptions, work, add };

    for (const { target, runs } of structure.schedules) {
        run(flow, target, runs, "scheduleMs", []);
    }
    for (const [system, many] of Object.entries(calls)) {
        for (const { api, route, share } of mixOf(structure, system, shares[system])) {
            call(flow, api, route, many * share, []);
        }
    }
    const amount: Month["amount"] = ({ urn }, what) => amounts.get(urn)?.get(what) ?? 0;
    return {
        ...{ structure, assumptions, amount },
        amounts: ({ urn }) => [...(amounts.get(urn) ?? [])],
        total: (type, what) => structure.ofType(type).reduce((sum, resource) => sum + amount(resource, what), 0),
    };
}

/** What calls of a system go to: its routes by the shares given, or each as often as the others, preflights apart. */
export function mixOf(
    { apis }: Structure,
    system: string,
    shares?: Readonly<Record<string, number>>,
): { readonly api: Api; readonly route: Route; readonly share: number }[] {
    const all = (apis.get(system) ?? []).flatMap((api) => api.routes.map((route) => ({ api, route })));
    if (all.length === 0) {
        throw new Error(
            `${system} has no API, so that it can have no calls: the systems are ${[...apis.keys()].join(", ")}.`,
        );
    }
    const counted = all.filter(({ route }) => !route.name.startsWith("OPTIONS "));
    const wanted = shares ?? Object.fromEntries(counted.map(({ route }) => [route.name, 1]));
    const sum = Object.values(wanted).reduce((left, right) => left + right, 0);
    if (sum === 0) {
        throw new Error(`calls.${system} gives no route a share: give at least one a number above 0.`);
    }
    return Object.entries(wanted).map(([name, share]) => {
        const found = all.find(({ route }) => route.name === name);
        if (!found) {
            const names = all.map(({ route }) => route.name).join(", ");
            throw new Error(`calls.${system} names ${name}, which is no route of it: its routes are ${names}.`);
        }
        return { ...found, share: share / sum };
    });
}

interface Flow {
    readonly structure: Structure;
    readonly assumptions: Assumptions;
    readonly work: CostSettings["work"];
    readonly add: (resource: PlannedResource, what: string, amount: number) => void;
}

type Duration = "apiMs" | "authorizerMs" | "queueMs" | "scheduleMs" | "eventMs";

function call(flow: Flow, { resource }: Api, route: Route, many: number, path: readonly string[]): void {
    flow.add(resource, "requests", many);
    if (route.authorizer) {
        const { target, remembers } = route.authorizer;
        run(flow, target, many * (remembers ? flow.assumptions.authorizerShare : 1), "authorizerMs", path);
    }
    if (route.target) {
        run(flow, route.target, many, "apiMs", path);
    }
}

function run(flow: Flow, target: PlannedResource, runs: number, duration: Duration, path: readonly string[]): void {
    note(flow, target, runs, duration);
    follow(flow, target, runs, path);
}

function note({ add, assumptions }: Flow, target: PlannedResource, runs: number, duration: Duration): void {
    add(target, "runs", runs);
    add(target, "milliseconds", runs * assumptions[duration]);
    // What an API calls belongs to the trace of the request.
    if (duration !== "apiMs" && duration !== "authorizerMs") {
        add(target, "ownRuns", runs);
    }
}

/** What the work of a function or a task uses. */
function follow(flow: Flow, from: PlannedResource, times: number, path: readonly string[]): void {
    if (path.includes(from.urn)) {
        throw new Error(`The work of ${from.name} comes back to itself: take what closes the circle out of cost.json.`);
    }
    for (const [name, uses] of Object.entries(flow.work[from.name] ?? {})) {
        const target = flow.structure.named(name);
        for (const [what, amount] of target ? Object.entries(uses) : []) {
            use(flow, target!, what, amount * times, [...path, from.urn]);
        }
    }
}

function use(flow: Flow, target: PlannedResource, what: string, amount: number, path: readonly string[]): void {
    const api = flow.structure.apis.get(flow.structure.systemOf(target))?.find(({ resource }) => resource === target);
    const allowed = api ? api.routes.map(({ name }) => name) : (USES[target.type] ?? []);
    const known = allowed.includes(/^bytes \S/.test(what) ? "bytes <prefix>" : what);
    if (!known) {
        const ways = allowed.length > 0 ? `give one of ${allowed.join(", ")}` : "take it out";
        throw new Error(`cost.json names ${what} of ${target.name}, which is no use of it: ${ways}.`);
    }
    if (api) {
        call(
            flow,
            api,
            api.routes.find(({ name }) => name === what)!,
            amount,
            path,
        );
    } else if (target.type === FUNCTION) {
        run(flow, target, amount, "eventMs", path);
    } else {
        flow.add(target, what, amount);
        const consumer = what === "messages" && flow.structure.consumers.get(String(target.outputs.arn));
        if (consumer) {
            // A run may get several messages; each has its own work.
            note(flow, consumer, amount / flow.assumptions.messagesPerRun, "queueMs");
            follow(flow, consumer, amount, path);
        }
        if (what === "tasks") {
            follow(flow, target, amount, path);
        }
    }
}
