import type { Plan } from "../../plan/types";
import type { Assumptions } from "./assumptions";
import { billOf, type Bill, type Line } from "./bill";
import { mixOf, monthOf } from "./month";
import type { CostSettings } from "./settings";
import { structureOf, type Structure } from "./structure";

/** What a stack costs, in USD. */
export interface StackCost {
    readonly stack: string;
    readonly region: string;
    /** Calls of each system in the month that `monthUsd` is of. */
    readonly callsPerMonth: Readonly<Record<string, number>>;
    readonly monthUsd: number;
    readonly systems: readonly SystemCost[];
    /** What of it has a price that is known from memory only: services and units. */
    readonly fromMemory: readonly string[];
    /** Types and parts of resources without a price. */
    readonly notPriced: readonly string[];
    /** What the settings name and the stack has not, and functions of which they name no work. */
    readonly notes: readonly string[];
}

/** What a top-level component costs. */
export interface SystemCost {
    readonly name: string;
    /** A month without any call. */
    readonly fixedUsd: number;
    /**
     * A million calls to its API, wherever they cost something: the firewall's and the key's requests are in it. None where there is no API.
     */
    readonly perMillionCallsUsd?: number;
    /** What a call is: shares of its routes. */
    readonly routes?: Readonly<Record<string, number>>;
    readonly items: readonly Item[];
}

export interface Item {
    readonly service: string;
    readonly unit: string;
    readonly fixedUsd: number;
    readonly perMillionCallsUsd: number;
}

const MILLION = 1_000_000;

/**
 * Computes what the declared resources of a plan cost: without calls, with a million calls of each system in turn, and in a month with
 * those given.
 *
 * @param calls Calls a month of each system that has an API, or by system.
 */
export function stackCost(
    plan: Plan,
    settings: CostSettings,
    assumptions: Assumptions,
    calls: number | Readonly<Record<string, number>>,
): StackCost {
    const structure = structureOf(plan);
    const billFor = (many: Readonly<Record<string, number>>) => billOf(monthOf(structure, settings, assumptions, many));
    const callsPerMonth = callsOf(structure, calls);
    const fixed = billFor({});
    const names = [...new Set([...structure.apis.keys(), ...fixed.lines.map(({ system }) => system)])];
    const systems = names.map((name): SystemCost => {
        const mine = fixed.lines.filter(({ system }) => system === name);
        if (!structure.apis.has(name)) {
            return { name, fixedUsd: sum(mine), items: itemsOf(mine, [], []) };
        }
        const withCalls = billFor({ [name]: MILLION });
        const mix = mixOf(structure, name, settings.calls[name]);
        return {
            ...{ name, fixedUsd: sum(mine), perMillionCallsUsd: sum(withCalls.lines) - sum(fixed.lines) },
            routes: Object.fromEntries(mix.map(({ route, share }) => [route.name, share])),
            items: itemsOf(mine, fixed.lines, withCalls.lines),
        };
    });
    const full = billFor(callsPerMonth);
    return {
        ...{ stack: plan.stack, region: plan.region, callsPerMonth, monthUsd: sum(full.lines) },
        systems: systems.sort((a, b) => Number(b.routes !== undefined) - Number(a.routes !== undefined)),
        fromMemory: fromMemory(full),
        notPriced: notPriced(structure, full),
        notes: notesOn(structure, settings),
    };
}

function callsOf({ apis }: Structure, calls: number | Readonly<Record<string, number>>): Record<string, number> {
    return typeof calls === "number"
        ? Object.fromEntries([...apis.keys()].map((system) => [system, calls]))
        : { ...Object.fromEntries([...apis.keys()].map((system) => [system, 0])), ...calls };
}

/** What a system costs without calls, and what its calls add anywhere, by service and unit; the most costly first. */
function itemsOf(mine: readonly Line[], before: readonly Line[], after: readonly Line[]): Item[] {
    const key = ({ service, unit }: Line) => `${service}\0${unit}`;
    const by = (lines: readonly Line[]) => Map.groupBy(lines, key);
    const [own, base, more] = [by(mine), by(before), by(after)];
    const keys = new Set([...own.keys(), ...more.keys()]);
    return [...keys]
        .map((each): Item => {
            const [service, unit] = each.split("\0");
            const added = sum(more.get(each) ?? []) - sum(base.get(each) ?? []);
            return { service, unit, fixedUsd: sum(own.get(each) ?? []), perMillionCallsUsd: added };
        })
        .filter(({ fixedUsd, perMillionCallsUsd }) => fixedUsd + perMillionCallsUsd > LEAST_USD)
        .sort((a, b) => b.fixedUsd + b.perMillionCallsUsd - a.fixedUsd - a.perMillionCallsUsd);
}

/** Less is not worth a line. */
const LEAST_USD = 0.000_001;

function sum(lines: readonly Line[]): number {
    return lines.reduce((total, { usd }) => total + usd, 0);
}

function fromMemory({ lines }: Bill): string[] {
    const weak = lines.filter(({ confidence, usd }) => confidence === "C" && usd > 0);
    return [...new Set(weak.map(({ service, unit }) => `${service} ${unit}`))];
}

function notPriced({ strangeSchedules }: Structure, bill: Bill): string[] {
    const schedules = strangeSchedules.map(
        ({ name, inputs }) => `runs of ${name}, ${String(inputs.scheduleExpression)}`,
    );
    return [...bill.notPriced, ...schedules];
}

function notesOn(structure: Structure, { work, calls }: CostSettings): string[] {
    const runners = ["aws:lambda/function:Function", "aws:ecs/taskDefinition:TaskDefinition"];
    const idle = runners.flatMap((type) => structure.ofType(type)).filter(({ name }) => !(name in work));
    const named = Object.entries(work).flatMap(([name, uses]) => [name, ...Object.keys(uses)]);
    const absent = [
        ...new Set(named.filter((name) => !structure.named(name))),
        ...Object.keys(calls).filter((system) => !structure.apis.has(system)),
    ];
    return [
        ...(idle.length > 0 ? [`Taken to use no other resource: ${idle.map(({ name }) => name).join(", ")}.`] : []),
        ...(absent.length > 0 ? [`Named in the settings, and not in this stack: ${absent.join(", ")}.`] : []),
    ];
}
