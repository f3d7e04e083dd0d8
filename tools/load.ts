import { parseArgs } from "node:util";
import { GRACE_SECONDS } from "./load/fire";
import { failureOf, printReport } from "./load/report";
import { runLoad } from "./load/runLoad";
import { targetOf } from "./load/target";
import { SYSTEMS, type System } from "./load/types";
import { run } from "./run";

// The command `npm run load -- --system <system>`.

/** Requests a second that the local run keeps up with on a small machine; an order takes the start of a process. */
const DEFAULT_RATES: Readonly<Record<System, number>> = { events: 100, uploads: 10, orders: 5, challenge: 50 };

const rates = SYSTEMS.map((system) => `${system} ${DEFAULT_RATES[system]}`).join(", ");

const HELP = `Sends a system what its clients would, at a rate, and then looks for everything that it accepted.

  npm run load -- --system ${SYSTEMS.join("|")} [options]

  --rate N         requests a second (default ${rates})
  --seconds N      how long (default 10); a stack that is slower than the rate gets up to ${GRACE_SECONDS} more
  --connections N  requests under way at the same time (default 10)
  --settle N       seconds without any progress after which what was accepted is taken for lost (default 60)
  --stack NAME     local (the local run), dev or prod (default local)
  --i-own-this-account
                   needed for any stack but local: the load costs money, uses up the limits of the stack's callers, stores
                   events, files and orders, and may ring its alarms
  --client ID      the client whose token is in QUARTET_TOKEN, for uploads to a deployed stack

events     each receipt's event is in the bucket, once
uploads    each file is announced, sent and confirmed; each confirmed one is completed, once, and lies in its place
orders     each accepted order reaches a final status, once
challenge  each answer is the right one

Refusals (4xx) are counted, and are no fault: throttles are there to refuse. Requests whose answer got lost are sent again
under the same Idempotency-Key and count once. Exit code 1 when anything accepted is missing, doubled or wrong, or nothing
was accepted. A deployed stack is reached with QUARTET_TOKEN, for challenge QUARTET_API_KEY, and your own AWS credentials
with s3:ListBucket and s3:GetObject on the buckets.`;

run(async () => {
    const { values } = parseArgs({
        options: {
            system: { type: "string" },
            rate: { type: "string" },
            seconds: { type: "string", default: "10" },
            connections: { type: "string", default: "10" },
            settle: { type: "string", default: "60" },
            stack: { type: "string", default: "local" },
            "i-own-this-account": { type: "boolean", default: false },
            client: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    const system = SYSTEMS.find((each) => each === values.system);
    if (!system) {
        const given = values.system === undefined ? "missing" : values.system;
        throw new Error(`--system is ${given}: give one of ${SYSTEMS.join(", ")}.`);
    }
    if (values.stack !== "local" && !values["i-own-this-account"]) {
        throw new Error(
            `--stack is ${values.stack}: a load costs money there and takes from its callers' limits. ` +
                "Leave it out to load the local run, or add --i-own-this-account.",
        );
    }
    const rate = number("rate", values.rate ?? String(DEFAULT_RATES[system]), 10_000);
    const seconds = number("seconds", values.seconds, 3600);
    const connections = number("connections", values.connections, 1000);
    const settleSeconds = number("settle", values.settle, 3600);
    const target = targetOf(values.stack, system, values.client);

    console.log(`${system} of ${values.stack}: ${rate} requests a second for ${seconds} s, ${connections} connections`);
    const report = await runLoad({ target, system, rate, seconds, connections, settleSeconds }).finally(() =>
        target.storage.destroy(),
    );
    printReport(report);
    const failure = failureOf(report);
    if (failure) {
        throw new Error(failure);
    }
});

function number(option: string, text: string, most: number): number {
    if (!/^\d{1,9}$/.test(text) || Number(text) < 1 || Number(text) > most) {
        throw new Error(`--${option} is ${text}: give a whole number from 1 to ${most}.`);
    }
    return Number(text);
}
