import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import { ASSUMPTION_NAMES, type Assumptions } from "./assumptions";

/** What `cost.json` says: budgets by stack, and what a call of each system sets off. */
export type CostSettings = Readonly<v.InferOutput<ReturnType<typeof settingsSchema>>>;

/**
 * Reads a file of settings.
 *
 * @throws One sentence for each setting that is unknown or has a value that is not allowed.
 */
export function readSettings(file: string): CostSettings {
    const name = path.basename(file);
    if (!fs.existsSync(file)) {
        throw new Error(`There is no ${file}: give the file of budgets and calls by --settings.`);
    }
    let values: unknown;
    try {
        values = JSON.parse(fs.readFileSync(file, "utf8"));
    } catch (error) {
        throw new Error(`${name} can't be read: ${(error as Error).message}`, { cause: error });
    }
    return parseSettings(values, name);
}

/** Checks the content of a file of settings, which messages call `name`. */
export function parseSettings(values: unknown, name: string): CostSettings {
    const result = v.safeParse(settingsSchema(), values);
    if (!result.success) {
        throw new Error(result.issues.map((issue) => sentence(issue, name)).join("\n"));
    }
    return result.output;
}

/** An assumption given as `name=value`. */
export function parseAssumption(text: string): Partial<Assumptions> {
    const [, name, value] = /^(\w+)=(\d{1,15}(?:\.\d+)?)$/.exec(text) ?? [];
    if (!ASSUMPTION_NAMES.some((one) => one === name)) {
        throw new Error(`--assume is ${text}: give name=number, with a name of ${ASSUMPTION_NAMES.join(", ")}.`);
    }
    return { [name]: Number(value) };
}

function settingsSchema() {
    return v.strictObject({
        budgets: v.optional(
            v.record(
                v.string(),
                v.strictObject({
                    usdPerMonth: amount(),
                    /** Of each system, or by system. */
                    callsPerMonth: v.union([amount(), v.record(v.string(), amount())], CALLS),
                }),
            ),
            {},
        ),
        assumptions: v.optional(v.strictObject(v.entriesFromList(ASSUMPTION_NAMES, v.optional(amount()))), {}),
        /** By system: what share its routes have of the calls. Only their ratio counts. */
        calls: v.optional(v.record(v.string(), v.record(v.string(), amount())), {}),
        /** What a run of a function (of a queue's consumer: a message), or a piece of a task's work, uses of others: how much of what. */
        work: v.optional(v.record(v.string(), v.record(v.string(), v.record(v.string(), amount()))), {}),
    });
}

const AMOUNT = "a number from 0";
const CALLS = `${AMOUNT}, or an object of such numbers by system`;

function amount() {
    return v.pipe(v.number(AMOUNT), v.minValue(0, AMOUNT));
}

function sentence(issue: v.BaseIssue<unknown>, name: string): string {
    const keys = (issue.path ?? []).map(({ key }) => String(key)).join(".");
    if (issue.type === "strict_object" && issue.expected === "never") {
        return `${keys} in ${name} is unknown.`;
    }
    if (issue.type === "strict_object" && issue.received === "undefined") {
        return `${keys} is missing in ${name}.`;
    }
    const allowed = [AMOUNT, CALLS].includes(issue.message) ? issue.message : "an object";
    return `${keys || "All"} in ${name} is ${JSON.stringify(issue.input)}: allowed is ${allowed}.`;
}
