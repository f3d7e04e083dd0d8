import * as path from "node:path";
import { parseArgs } from "node:util";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import { printColumns } from "../columns";
import { assume, type Assumptions } from "./assumptions";
import { parseAssumption, readSettings, type CostSettings } from "./settings";
import { stackCost, type StackCost } from "./stackCost";
import { budgetText, itemRows, stackJson, stackNotes, systemRows, type BudgetCheck } from "./stackText";

export const STACK_HELP = `  npm run cost -- --stack NAME [options]

--stack: what the declared resources of a stack cost, fixed and for a million calls of each system, and the month of its
budget in cost.json, which also says what a call sets off. Ends with code 1 when the budget is exceeded.

  --calls N                      calls a month of each system; the budget, which has calls of its own, is not checked then
  --assume NAME=N                another value for an assumption, as often as needed
  --items                        print each item of each system
  --json                         print the costs as JSON, and nothing else
  --settings FILE                (default cost.json)`;

/** The command `npm run cost -- --stack NAME`. */
export async function stackCommand(args: readonly string[]): Promise<void> {
    const { values } = parseArgs({
        args: [...args],
        options: {
            stack: { type: "string" },
            calls: { type: "string" },
            assume: { type: "string", multiple: true, default: [] },
            items: { type: "boolean", default: false },
            json: { type: "boolean", default: false },
            settings: { type: "string" },
        },
    });
    const folder = path.resolve(__dirname, "../..");
    const project = readProject(folder, values.stack ?? "");
    const settings = readSettings(values.settings ?? path.join(folder, "cost.json"));
    const given = values.assume.map(parseAssumption);
    const assumptions = assume(Object.assign({}, settings.assumptions, ...given) as Partial<Assumptions>);
    const calls = values.calls === undefined ? undefined : wholeNumber(values.calls);
    const evaluating = () => values.json || console.error("Evaluating the program, since it changed …");
    const plan = await loadPlan(project, evaluating);

    const budget = calls === undefined ? settings.budgets[project.stack] : undefined;
    const cost = stackCost(plan, settings, assumptions, calls ?? budget?.callsPerMonth ?? SHOWN_CALLS);
    const check = budget ? checkBudget(cost, budget) : null;
    if (values.json) {
        console.log(stackJson(cost, assumptions, check));
    } else {
        print(cost, assumptions, values.items);
        console.log(check ? (check.exceeded ? "" : budgetText(cost, check)) : noBudget(project.stack, calls));
    }
    if (check?.exceeded) {
        throw new Error(budgetText(cost, check));
    }
}

/** Calls a month of each system where neither an option nor a budget says how many. */
const SHOWN_CALLS = 1_000_000;

/** Compares what a stack costs with its budget. */
export function checkBudget({ monthUsd }: StackCost, { usdPerMonth }: CostSettings["budgets"][string]): BudgetCheck {
    return { usdPerMonth, exceeded: monthUsd > usdPerMonth };
}

function print(cost: StackCost, assumptions: Assumptions, items: boolean): void {
    console.log(`USD a month, stack ${cost.stack}:\n`);
    printColumns(systemRows(cost));
    if (items) {
        console.log();
        printColumns(itemRows(cost));
    }
    console.log(["", ...stackNotes(cost, assumptions), ""].join("\n"));
}

function noBudget(stack: string, calls: number | undefined): string {
    return calls === undefined
        ? `No budget: cost.json has none for ${stack}.`
        : "The budget is not checked, since --calls says how many calls there are.";
}

function wholeNumber(text: string): number {
    if (!/^\d{1,12}$/.test(text)) {
        throw new Error(`--calls is ${text}: give a whole number from 0.`);
    }
    return Number(text);
}
