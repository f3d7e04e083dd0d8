import { printColumns } from "../columns";
import type { LoadReport } from "./runLoad";

/** Prints what a load showed: times, answers, and the ledger with what is not as promised. */
export function printReport({ sent, perSecond, latencies, answers, repeated, unknown, ledger }: LoadReport): void {
    const { accepted, findings, ends } = ledger;
    console.log(`${sent} requests, ${perSecond.toFixed(1)} answers a second\n`);
    printColumns([
        ["latency in ms", "answers", "p50", "p90", "p99", "max"],
        ...latencies.map(({ step, count, ...times }) => [
            ...[step, String(count)],
            ...[times.p50, times.p90, times.p99, times.max].map((ms) => ms.toFixed(1)),
        ]),
    ]);
    console.log("");
    printColumns([
        ["step", "answer", "kind", "count"],
        ...answers.map(({ step, what, kind, count }) => [step, what, kind, String(count)]),
    ]);
    if (ledger.unread !== undefined) {
        return;
    }
    const of = (kind: string) => findings.filter((each) => each.kind === kind).length;
    console.log(
        `\nledger: ${accepted} accepted, ${of("missing")} missing, ${of("doubled")} doubled, ${of("wrong")} wrong; ` +
            `${repeated} sent again, ${unknown} of unknown end`,
    );
    Object.entries(ends).forEach(([end, count]) => console.log(`  ${end}: ${count}`));
    findings.slice(0, SHOWN).forEach(({ kind, id, seen }) => console.log(`  ${kind} ${id}: ${seen}`));
    if (findings.length > SHOWN) {
        console.log(`  and ${findings.length - SHOWN} more`);
    }
}

const SHOWN = 10;

/**
 * Says why a load did not show that the stack keeps its promises; undefined when it did.
 *
 * A load of which nothing was accepted shows nothing.
 */
export function failureOf({ ledger: { accepted, findings, unread } }: LoadReport): string | undefined {
    if (unread !== undefined) {
        return `What was accepted can't be looked for: ${unread}`;
    }
    if (findings.length > 0) {
        return `${findings.length} of what was sent is missing, doubled or wrong.`;
    }
    return accepted === 0 ? "Nothing was accepted, so nothing is shown: the answers above say why." : undefined;
}
