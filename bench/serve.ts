import * as path from "node:path";
import { start } from "../local/start";

// A process of its own for the benchmarks: the local run with the widest throttles that the config allows, on any port.

const wide = { requestsPerSecond: 10_000, burst: 5_000 };

const folder = path.dirname(__dirname);

start({
    folder,
    port: 0,
    // Its requests would use up the quota of the run's own keys.
    stateFolder: path.join(folder, ".cache", "bench"),
    config: {
        "quartet:challengeApi": {
            keys: ["blue", "green"],
            throttle: wide,
            usagePlan: { ...wide, requestsPerMonth: 2_147_483_647 },
        },
    },
    print: (line) => process.stderr.write(`${line}\n`),
}).then(
    ({ outputs, close }) => {
        process.stdout.write(`${JSON.stringify(outputs)}\n`);
        process.on("SIGTERM", () => void close().then(() => process.exit(0)));
    },
    (error: unknown) => {
        process.stderr.write(`${(error as Error).message}\n`);
        process.exit(1);
    },
);
