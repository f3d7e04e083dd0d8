import * as v from "valibot";
import { batchTag, eventsKey } from "../../../handlers/eventIngest/objectKeys";
import { uuidv7 } from "../../../handlers/shared/uuidv7";
import { answer, expectStatus } from "../expect";
import { once } from "../once";
import { plainHttpCheck } from "../plainHttp";
import { refusePublicRead } from "../publicRead";
import { send } from "../send";
import type { Check, Context } from "../types";

/** The checks of EventIngest. */
export function eventChecks(context: Context): Check[] {
    const { target } = context;
    const url = `${target.urls.events}/events`;
    const post = (batchId: string, token?: string) =>
        send({
            ...{ method: "POST", url, body: BODY },
            headers: {
                "content-type": "application/json",
                "idempotency-key": batchId,
                ...(token === undefined ? {} : { "x-auth-token": token }),
            },
        });
    const batch = once(async () => {
        const token = target.token();
        const time = Date.now();
        const batchId = uuidv7(time);
        const first = answer(await post(batchId, token), 200, receipt());
        context.leave(`1 event of batch ${batchId}: events can't be taken back, the stack deletes them in time`);
        return { batchId, time, first, again: answer(await post(batchId, token), 200, receipt()) };
    });
    const check = (title: string, run: () => Promise<void>): Check => ({ system: "events", title, run });
    return [
        check("answers 401 without a token", async () => expectStatus(await post(uuidv7(Date.now())), 401)),
        check("answers 401 to a wrong token", async () => {
            expectStatus(await post(uuidv7(Date.now()), "wrong-token-of-smoke"), 401);
        }),
        check("stores an event once, however often it comes", async () => {
            const { batchId, first, again } = await batch();
            const seen = [first, again].map(({ events_count, batch_id, duplicate }) =>
                [events_count, batch_id === batchId, duplicate].join(" "),
            );
            if (seen.join() !== "1 true false,1 true true") {
                throw new Error(
                    `The receipts of an event that came twice have, of events_count, batch_id as sent and duplicate: ${seen.join(", then ")}.`,
                );
            }
        }),
        check("lets nobody read its bucket without a signature", async () => {
            const { batchId, time } = await batch();
            const client = target.client();
            if (client === undefined) {
                throw new Error(
                    `The token is none of the clients in Pulumi.${target.stack}.yaml: where its events lie can't be known.`,
                );
            }
            const key = eventsKey({ batchId, time, tag: batchTag(client, Buffer.from(BODY)) });
            await refusePublicRead(target.buckets.events, key);
        }),
        plainHttpCheck("events", context),
    ];
}

const BODY = JSON.stringify({ event_name: "smoke" });

function receipt() {
    return v.object({ events_count: v.number(), batch_id: v.string(), duplicate: v.boolean() });
}
