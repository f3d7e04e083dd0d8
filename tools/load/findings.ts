import type { Finding, Sent } from "./types";

/**
 * Compares what was sent with what was found. What was accepted is there once; what was refused is not there; what was not answered may be
 * there, and once.
 *
 * @param promise Status of an answer that promises.
 * @param found Ids of requests whose effect was found, as often as it was.
 * @param where For people, e.g. `in the bucket`.
 */
export function notOnce(sent: readonly Sent[], promise: number, found: readonly string[], where: string): Finding[] {
    const times = countBy(found);
    return sent.flatMap(({ id, answer }): Finding[] => {
        const count = times[id] ?? 0;
        const status = answer?.status ?? 0;
        if (count > 1) {
            return [{ kind: "doubled", id, seen: `${count} times ${where}` }];
        }
        if (count === 0 && status === promise) {
            return [{ kind: "missing", id, seen: `answered ${status}, and not ${where}` }];
        }
        if (count === 1 && status >= 400 && status < 500) {
            return [{ kind: "wrong", id, seen: `refused with ${status}, and yet ${where}` }];
        }
        return [];
    });
}

/** The first finding about each id: what follows from it, such as a missing status of a missing order, is told once. */
export function firstOfEach(findings: readonly Finding[]): Finding[] {
    const byId = new Map<string, Finding>();
    findings.forEach((finding) => byId.has(finding.id) || byId.set(finding.id, finding));
    return [...byId.values()];
}

/** How often each value is there, in the order of their first. */
export function countBy(values: readonly string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const value of values) {
        counts[value] = (counts[value] ?? 0) + 1;
    }
    return counts;
}
