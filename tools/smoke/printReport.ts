import { printColumns } from "../columns";
import type { Report } from "./types";

/** Prints what became of each check, the reasons of those that failed or were skipped, and what stays behind. */
export function printReport({ stack, results, left }: Report): void {
    printColumns([
        ["system", "check", "result", "ms"],
        ...results.map(({ system, title, outcome, ms }) => [
            system,
            title,
            outcome === "failed" ? "FAILED" : outcome,
            outcome === "skipped" ? "" : String(ms),
        ]),
    ]);
    printList(
        "Failed:",
        results.flatMap(({ outcome, ...result }) => (outcome === "failed" ? [told(result)] : [])),
    );
    printList(
        "Skipped:",
        results.flatMap(({ outcome, ...result }) => (outcome === "skipped" ? [told(result)] : [])),
    );
    printList("Stays behind:", left);
    const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
    console.log(`\n${stack}: ${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped.`);
}

function told({
    system,
    title,
    reason = "",
}: {
    readonly system: string;
    readonly title: string;
    readonly reason?: string;
}) {
    return `${system} ${title}: ${reason}`;
}

function printList(title: string, lines: readonly string[]): void {
    if (lines.length > 0) {
        console.log(["", title, ...lines.map((line) => `  ${line}`)].join("\n"));
    }
}
