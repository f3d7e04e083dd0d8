import { orderMs } from "./orders";
import { policyFigures } from "./policy";
import { end, load, startNode, treeMemoryMb, type Load } from "./processes";

// The command `npm run bench [-- --rounds N]`: medians of some rounds, and ratios to a bare Node server in the same round.

const at = process.argv.indexOf("--rounds");
const ROUNDS = at < 0 ? 3 : Number(process.argv[at + 1]);
const SECONDS = 4;

interface Round {
    readonly startMs: number;
    readonly bareStartMs: number;
    readonly idleMb: number;
    readonly bareIdleMb: number;
    readonly hello: Load;
    readonly helloAlone: Load;
    readonly events: Load;
    readonly orderMs: number;
    readonly bare: Load;
    readonly bareAlone: Load;
}

async function round(): Promise<Round> {
    const bareServer = await startNode(["bench/bare.ts"], /^\{/);
    const { url } = JSON.parse(bareServer.line) as { url: string };
    const bareIdleMb = treeMemoryMb(bareServer.child.pid!);
    const [bare, bareAlone] = [await load(url, 16, SECONDS), await load(url, 1, SECONDS)];
    await end(bareServer);

    const run = await startNode(["bench/serve.ts"], /^\{/);
    const outputs = JSON.parse(run.line) as Record<string, string>;
    const key = ["-H", `x-api-key=${outputs.challengeApiKey}`];
    const post = [
        "-m",
        "POST",
        "-H",
        `x-auth-token=${outputs.localToken}`,
        "-H",
        "content-type=application/json",
        "-b",
        '{"event_name":"bench"}',
    ];
    const helloUrl = `${outputs.challengeApiUrl}/hello?name=Ada`;
    await load(helloUrl, 1, 1, key);
    const idleMb = treeMemoryMb(run.child.pid!);
    const [hello, helloAlone] = [await load(helloUrl, 16, SECONDS, key), await load(helloUrl, 1, SECONDS, key)];
    const events = await load(`${outputs.eventIngestUrl}/events`, 16, SECONDS, post);
    const order = await orderMs(outputs.orderServiceUrl, outputs.localToken);
    await end(run);
    return {
        startMs: run.ms,
        bareStartMs: bareServer.ms,
        idleMb,
        bareIdleMb,
        hello,
        helloAlone,
        events,
        orderMs: order,
        bare,
        bareAlone,
    };
}

async function printPolicyFigures(): Promise<void> {
    const { startMs, peerStartMs, judgeMs, scaled } = await policyFigures([500, 1000, 2000]);
    console.log(
        `policy pack: serves after ${format(startMs)} ms, a type-checked pack of one rule after ${format(peerStartMs)} ms, ` +
            `ratio ${format(startMs / peerStartMs)}; judges the prod stack in ${format(judgeMs)} ms`,
    );
    const times = scaled.map(
        ({ resources, ms }) => `${resources} in ${format(ms)} ms (${format(ms / resources)} each)`,
    );
    console.log(`policy pack, resources judged: ${times.join(", ")}`);
}

function print(what: string, values: readonly number[], peers: readonly number[], unit: string): void {
    const range = (list: readonly number[]) =>
        `${format(median(list))} [${format(Math.min(...list))}-${format(Math.max(...list))}] ${unit}`;
    const ratio = format(median(values.map((value, index) => value / peers[index])));
    console.log(
        `${what.padEnd(44)}  ${range(values).padEnd(30)}  bare node ${range(peers).padEnd(30)}  ratio ${ratio}`,
    );
}

function median(list: readonly number[]): number {
    return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

function format(value: number): string {
    return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

async function main(): Promise<void> {
    await end(await startNode(["bench/serve.ts"], /^\{/));
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) {
        rounds.push(await round());
    }
    const list = (pick: (one: Round) => number) => rounds.map(pick);
    print(
        "second start until ready",
        list((r) => r.startMs),
        list((r) => r.bareStartMs),
        "ms",
    );
    print(
        "memory of the tree, one function warm",
        list((r) => r.idleMb),
        list((r) => r.bareIdleMb),
        "MB",
    );
    print(
        "GET /hello, 16 connections",
        list((r) => r.hello.requestsPerSecond),
        list((r) => r.bare.requestsPerSecond),
        "requests/s",
    );
    print(
        "GET /hello, 1 connection",
        list((r) => r.helloAlone.requestsPerSecond),
        list((r) => r.bareAlone.requestsPerSecond),
        "requests/s",
    );
    print(
        "GET /hello, 16 connections, 99th percentile",
        list((r) => r.hello.p99Ms),
        list((r) => r.bare.p99Ms),
        "ms",
    );
    print(
        "POST /events, 16 connections, durable",
        list((r) => r.events.requestsPerSecond),
        list((r) => r.bare.requestsPerSecond),
        "requests/s",
    );
    print(
        "order until confirmed, beside a start of Node",
        list((r) => r.orderMs),
        list((r) => r.bareStartMs),
        "ms",
    );
    await printPolicyFigures();
    const failed = rounds
        .flatMap(({ hello, helloAlone, events, bare }) => [hello, helloAlone, events, bare])
        .reduce((sum, one) => sum + one.failed, 0);
    console.log(`answers other than 2xx: ${failed}`);
    process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 1;
});
