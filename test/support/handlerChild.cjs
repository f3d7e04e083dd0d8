// A process that answers events with one handler, as a Lambda environment does. Argument: JSON, either
// {"bundle": "<file>"} or {"module": "<file>", "factory": "<name of its export>", "args": […]}.
const output = [];
let invocations = 0;
for (const stream of [process.stdout, process.stderr]) {
    stream.write = (text) => output.push(String(text)) > 0;
}

function load({ bundle, module: file, factory, args }) {
    if (bundle) {
        return require(bundle).handler;
    }
    require("../../tools/register.cjs");
    return require(file)[factory](...args);
}

try {
    const handler = load(JSON.parse(process.argv[2]));
    process.on("message", async ({ event, remainingMs }) => {
        const deadline = Date.now() + remainingMs;
        const context = {
            awsRequestId: `invocation-${++invocations}`,
            getRemainingTimeInMillis: () => deadline - Date.now(),
        };
        const result = await handler(event, context).then(
            (answer) => ({ answer }),
            (error) => ({ error: String(error?.message ?? error) }),
        );
        process.send({
            ...result,
            writes: output.splice(0),
            peakBytes: process.resourceUsage().maxRSS * 1024,
        });
    });
    process.send({ ready: true });
} catch (error) {
    process.send({ failed: String(error?.message ?? error) }, () => process.disconnect());
}
