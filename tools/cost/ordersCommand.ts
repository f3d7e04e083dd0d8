import { parseArgs } from "node:util";
import { checkFargateSize } from "../../local/services/ecs/fargateSize";
import { printColumns } from "../columns";
import { DEFAULT_LOAD, type OrderLoad } from "./orders";
import { assumptions, costRows, priceLines, SHOWN_ORDERS, taskName } from "./ordersText";

export const ORDERS_HELP = `  npm run cost -- orders [options]

orders: one Fargate task for each order, or a worker service that reads orders from a queue, and from how many orders a
month the worker service costs no more.

  --orders N                     orders a month (default ${SHOWN_ORDERS.join(", ")})
  --seconds N                    time that a container takes for an order (default ${DEFAULT_LOAD.seconds})
  --start-seconds N              time from the pull of a task's image to its first order (default ${DEFAULT_LOAD.startSeconds})
  --concurrent N                 orders that a worker handles at a time (default ${DEFAULT_LOAD.concurrent})
  --bursts N                     how often a month the worker starts from nothing (default ${DEFAULT_LOAD.bursts})
  --network public|private       subnets of the tasks (default ${DEFAULT_LOAD.network})
  --architecture ARM64|X86_64    (default ${DEFAULT_LOAD.architecture})
  --cpu N --memory N             CPU units and MiB of a task (default ${DEFAULT_LOAD.cpu} and ${DEFAULT_LOAD.memory})`;

/** The command `npm run cost -- orders`. */
export function ordersCommand(args: readonly string[]): void {
    const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
            orders: { type: "string" },
            seconds: { type: "string", default: String(DEFAULT_LOAD.seconds) },
            "start-seconds": { type: "string", default: String(DEFAULT_LOAD.startSeconds) },
            concurrent: { type: "string", default: String(DEFAULT_LOAD.concurrent) },
            bursts: { type: "string", default: String(DEFAULT_LOAD.bursts) },
            network: { type: "string", default: DEFAULT_LOAD.network },
            architecture: { type: "string", default: DEFAULT_LOAD.architecture },
            cpu: { type: "string", default: String(DEFAULT_LOAD.cpu) },
            memory: { type: "string", default: String(DEFAULT_LOAD.memory) },
        },
    });
    if (positionals.length !== 1 || positionals[0] !== "orders") {
        const given = positionals.length === 0 ? "No system named" : `No cost is known of ${positionals.join(" ")}`;
        throw new Error(`${given}: give one of orders, or --stack NAME; npm run cost -- --help tells of the options.`);
    }
    const load: OrderLoad = {
        seconds: number("seconds", values.seconds),
        startSeconds: number("start-seconds", values["start-seconds"]),
        concurrent: wholeNumber("concurrent", values.concurrent, 1),
        bursts: wholeNumber("bursts", values.bursts, 0),
        network: choice("network", values.network, ["public", "private"]),
        architecture: choice("architecture", values.architecture, ["ARM64", "X86_64"]),
        cpu: wholeNumber("cpu", values.cpu, 1),
        memory: wholeNumber("memory", values.memory, 1),
    };
    checkFargateSize(load.cpu, load.memory);
    const orders = values.orders === undefined ? SHOWN_ORDERS : [wholeNumber("orders", values.orders, 1)];

    console.log(`USD a month, ${taskName(load)}, ${load.network} subnets:\n`);
    printColumns(costRows(orders, load));
    console.log(["", ...assumptions(load), "", "Prices, us-east-1:", ...priceLines(load)].join("\n"));
}

function number(option: string, text: string): number {
    if (!/^\d{1,12}(\.\d+)?$/.test(text)) {
        throw new Error(`--${option} is ${text}: give a number from 0, such as 20 or 0.5.`);
    }
    return Number(text);
}

function wholeNumber(option: string, text: string, least: number): number {
    if (!/^\d{1,12}$/.test(text) || Number(text) < least) {
        throw new Error(`--${option} is ${text}: give a whole number from ${least}.`);
    }
    return Number(text);
}

function choice<T extends string>(option: string, text: string, choices: readonly T[]): T {
    const chosen = choices.find((each) => each === text);
    if (chosen === undefined) {
        throw new Error(`--${option} is ${text}: give ${choices.join(" or ")}.`);
    }
    return chosen;
}
