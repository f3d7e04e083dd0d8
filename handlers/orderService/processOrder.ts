import { prepare } from "./processing/prepare";
import { tryCommand } from "./processing/processCommand";
import { log } from "./processing/log";
import { startHeartbeat } from "./processing/task";
import { work } from "./processing/worker";

// The container's program: processes the one command that its variables hold, or works off the queue that `QUEUE_URL` names. Its exit code
// is 0 when it did, or had nothing to do; otherwise the event of the task's end makes the order fail.

async function main(): Promise<number> {
    const ending = new AbortController();
    process.on("SIGTERM", () => {
        log({ signal: "SIGTERM" });
        ending.abort();
    });
    const { processing, command, queueUrl } = await prepare();
    startHeartbeat();
    if (queueUrl !== undefined) {
        await work(queueUrl, processing, ending.signal);
        return 0;
    }
    if (ending.signal.aborted) {
        log({ requestId: command.requestId, order: command.orderId, skipped: "SIGTERM" });
        return 0;
    }
    // A command under way takes milliseconds; SIGTERM lets it come to its end.
    return (await tryCommand(command, processing)) ? 0 : 1;
}

main().then(
    (exitCode) => process.exit(exitCode),
    ({ name, message }: Error) => {
        // What is thrown here tells of variables, of ECS and of files; no order was read yet.
        log({ requestId: process.env.REQUEST_ID, order: process.env.ORDER_ID, error: { name, message } });
        process.exit(1);
    },
);
