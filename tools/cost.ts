import { ORDERS_HELP, ordersCommand } from "./cost/ordersCommand";
import { STACK_HELP, stackCommand } from "./cost/stackCommand";
import { run } from "./run";

// The command `npm run cost`.

const HELP = `Says what a stack, or one of its systems, costs a month, by list prices of us-east-1.

${STACK_HELP}

${ORDERS_HELP}`;

run(async () => {
    const args = process.argv.slice(2);
    if (args.includes("--help")) {
        console.log(HELP);
    } else if (args.some((arg) => /^--stack(=|$)/.test(arg))) {
        await stackCommand(args);
    } else {
        ordersCommand(args);
    }
});
