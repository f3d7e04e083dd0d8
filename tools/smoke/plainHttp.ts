import { described } from "./expect";
import { reasonOf, send } from "./send";
import type { Check, Context, System } from "./types";

/**
 * Checks that an API is not served over plain HTTP. It is sent no token and no key: whoever listens could read them.
 *
 * A regional API has no listener on port 80; an answer of API Gateway, a refusal too, shows that it read a request in clear.
 */
export function plainHttpCheck(system: System, { target }: Context): Check {
    return {
        system,
        title: "is not served over plain HTTP",
        skipped: target.deployed ? undefined : LOCAL,
        run: () => refusePlainHttp(`${target.urls[system]}/openapi.json`),
    };
}

/** Why nothing of plain HTTP is checked on the local run. */
export const LOCAL = "the local run is served over plain HTTP on this machine alone; check a deployed stack";

async function refusePlainHttp(url: string): Promise<void> {
    const plain = inClear(url);
    let reply;
    try {
        reply = await send({ url: plain, patient: false, timeout: 5000 });
    } catch (error) {
        const reason = reasonOf((error as Error).cause);
        if (!NOT_SERVED.includes(reason)) {
            throw new Error(`It can't be said whether ${plain} is refused: ${reason}.`, { cause: error });
        }
        return;
    }
    const isRedirect = reply.status >= 301 && reply.status <= 308;
    if (isRedirect && reply.headers.get("location")?.startsWith("https://")) {
        return;
    }
    const byGateway = ["x-amzn-requestid", "x-amz-apigw-id", "x-amzn-errortype"].some((name) =>
        reply.headers.has(name),
    );
    if (reply.status !== 403 || byGateway) {
        throw new Error(`${reply.of} over plain HTTP was served: it answered ${described(reply)}.`);
    }
}

/** The same URL over plain HTTP. */
export function inClear(url: string): string {
    return url.replace(/^https:/, "http:");
}

/** How a connection fails where nobody listens, or a firewall drops what comes. */
const NOT_SERVED = [
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "TimeoutError",
    "UND_ERR_CONNECT_TIMEOUT",
    "UND_ERR_SOCKET",
];
