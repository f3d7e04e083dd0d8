import * as v from "valibot";
import { answer } from "./expect";
import { send } from "./send";
import type { Limit, Target } from "./target";

/** Most requests a second and burst together of a limit that is worth being exceeded: each request within it is paid for. */
const MOST = 200;

/**
 * Why the limit of a key is not exceeded on a stack; `undefined` when it may be.
 *
 * @param sharedLimit Whether it may be on a deployed stack also where all callers share it.
 */
export function whyNotExceeded(
    { deployed, limits: { key, stage } }: Pick<Target, "deployed" | "limits">,
    sharedLimit: boolean,
): string | undefined {
    const { requestsPerSecond, burst } = lower(key, stage);
    if (requestsPerSecond + burst > MOST) {
        return `the limit is ${told({ requestsPerSecond, burst })}: too many requests to exceed it for a test`;
    }
    if (deployed && !sharedLimit && (key.requestsPerSecond >= stage.requestsPerSecond || key.burst >= stage.burst)) {
        return `one key may send all that the stage takes (${told(stage)}): other callers would be refused, too. Give usagePlan less than throttle, or smoke --shared-limit`;
    }
    return undefined;
}

/**
 * Sends requests with ChallengeApi's other key, many at a time, until one is answered with 429.
 *
 * What is admitted counts for the key's month; what is refused does not.
 *
 * @throws When none is refused of five times as many as the limit allows at once.
 */
export async function exceedLimit({ urls, apiKeys, limits }: Target): Promise<void> {
    const limit = lower(limits.key, limits.stage);
    const most = 5 * (limit.requestsPerSecond + limit.burst);
    const url = `${urls.challenge}/health`;
    let sent = 0;
    let refused = false;
    const sendUntilRefused = async () => {
        while (!refused && sent < most) {
            sent++;
            const reply = await send({ url, headers: { "x-api-key": apiKeys[1] }, patient: false });
            if (reply.status === 429) {
                answer(reply, 429, v.object({ message: v.string() }));
                refused = true;
            } else {
                answer(reply, 200, v.object({ status: v.string() }));
            }
        }
    };
    await Promise.all(Array.from({ length: Math.min(most, AT_A_TIME) }, sendUntilRefused));
    if (!refused) {
        throw new Error(`Of ${sent} requests at once none was refused, where a key may send ${told(limit)}.`);
    }
}

/** Enough connections to be faster than a limit of {@link MOST}. */
const AT_A_TIME = 100;

function lower(one: Limit, other: Limit): Limit {
    return {
        requestsPerSecond: Math.min(one.requestsPerSecond, other.requestsPerSecond),
        burst: Math.min(one.burst, other.burst),
    };
}

function told({ requestsPerSecond, burst }: Limit): string {
    return `${requestsPerSecond} requests a second and ${burst} at once`;
}
