import * as v from "valibot";
import { answer, expectGatewayRefusal, expectStatus } from "../expect";
import { exceedLimit, whyNotExceeded } from "../overLimit";
import { plainHttpCheck } from "../plainHttp";
import { send } from "../send";
import type { Check, Context } from "../types";

/** The checks of ChallengeApi. */
export function challengeChecks(context: Context): Check[] {
    const { target, sharedLimit } = context;
    const [key, other] = target.apiKeys;
    const get = (path: string, apiKey?: string) =>
        send({ url: `${target.urls.challenge}${path}`, headers: apiKey === undefined ? {} : { "x-api-key": apiKey } });
    const check = (title: string, run: () => Promise<void>): Check => ({ system: "challenge", title, run });
    return [
        check("answers 403 without an API key", async () => {
            expectGatewayRefusal(await get("/health"), 403, ["ForbiddenException"]);
        }),
        check("answers 403 to a wrong API key", async () => {
            expectGatewayRefusal(await get("/health", "wrong-key-of-smoke-wrong-key-of-smoke"), 403, [
                "ForbiddenException",
            ]);
        }),
        check("tells that it is well", async () => {
            answer(await get("/health", key), 200, v.object({ status: v.literal("ok", "must be ok") }));
        }),
        check("greets by name, with the other key", async () => {
            const { message } = answer(await get("/hello?name=Ada", other), 200, v.object({ message: v.string() }));
            if (message !== "Hello, Ada!") {
                throw new Error("GET /hello?name=Ada greeted with other words than Hello, Ada!");
            }
        }),
        check("answers 404 at an unknown path", async () => expectStatus(await get("/nothing", key), 404)),
        plainHttpCheck("challenge", context),
        {
            ...check("answers 429 over the limit of a key", () => exceedLimit(target)),
            skipped: whyNotExceeded(target, sharedLimit),
        },
    ];
}
