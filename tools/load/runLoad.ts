import { uuidv7 } from "../../handlers/shared/uuidv7";
import { challengeLoad } from "./challenge";
import { eventsLoad } from "./events";
import { firstOfEach } from "./findings";
import { fire } from "./fire";
import { ordersLoad } from "./orders";
import { eachOf } from "./parallel";
import { sendPatiently } from "./send";
import { createTally, type AnswerCount, type StepLatency } from "./tally";
import type { Audit, LoadContext, LoadOptions, Sent, System, SystemLoad } from "./types";
import { uploadsLoad } from "./uploads";

/** What a load showed. */
export interface LoadReport {
    readonly sent: number;
    /** Answers to the load itself a second, of any status. */
    readonly perSecond: number;
    readonly latencies: readonly StepLatency[];
    readonly answers: readonly AnswerCount[];
    /** Requests that were sent again, as their answer got lost or told of an error. */
    readonly repeated: number;
    /** Requests of which nothing is known, also after they were sent again. */
    readonly unknown: number;
    readonly ledger: Audit;
}

/** Loads a system, and looks for everything that it accepted. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
    const begun = Date.now();
    const context: LoadContext = { ...options, begun, run: uuidv7(begun), tally: createTally() };
    const system = LOADS[options.system](context);
    const { sent, seconds } = await fire(system, context);
    const answered = sent.filter(({ answer }) => answer).length;
    const repeated = system.repeats ? await repeat(system, sent, context) : 0;
    const audit = await system.audit(sent).catch((error: unknown): Audit => {
        // What the load itself showed is not lost.
        return { accepted: 0, findings: [], ends: {}, unread: (error as Error).message };
    });
    return {
        sent: sent.length,
        perSecond: answered / Math.max(seconds, options.seconds),
        latencies: context.tally.latencies(),
        answers: context.tally.counts(),
        repeated,
        unknown: sent.filter(isUnknown).length,
        ledger: { ...audit, findings: firstOfEach(audit.findings) },
    };
}

const LOADS: Readonly<Record<System, (context: LoadContext) => SystemLoad>> = {
    events: eventsLoad,
    uploads: uploadsLoad,
    orders: ordersLoad,
    challenge: challengeLoad,
};

/** Sends what is unknown again, under the same id: so it is one line of the ledger still. @returns How many. */
async function repeat(system: SystemLoad, sent: readonly Sent[], context: LoadContext): Promise<number> {
    const unknown = sent.filter(isUnknown);
    await eachOf(unknown, context.connections, async (each) => {
        const answer = await sendPatiently(`${system.step}, again`, system.request(each.id), context.tally);
        // A refusal of the repeat, such as by a throttle, tells nothing of what became of the first.
        if (answer && (answer.status < 400 || answer.status >= 500)) {
            each.answer = answer;
        }
    });
    return unknown.length;
}

function isUnknown({ answer }: Sent): boolean {
    return !answer || answer.status >= 500;
}
