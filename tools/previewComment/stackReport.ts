import * as fs from "node:fs";
import * as path from "node:path";
import { type Changes, readChanges } from "./changes";
import { type PolicyFindings, readFindings } from "./findings";
import { redact } from "./redact";

/**
 * What CI recorded of one stack. Each part is a command: its output in `<part>.out`, what it wrote to stderr in `<part>.log`,
 * and its exit code in `<part>.code`. A part that is missing, or can't be read, is as good as failed: silence must never look like a pass.
 */
export interface StackReport {
    readonly stack: string;
    /** Of `pulumi preview --json`. */
    readonly preview: Part<Changes>;
    /** Of `npm run policy -- --json`. */
    readonly policy: Part<PolicyFindings>;
    /** Of `npm run guard`, as printed, its refusal included. */
    readonly guard: Part<string>;
    /** Of `npm run cost`, likewise. */
    readonly cost: Part<string>;
}

/** A part of a report. */
export interface Part<T> {
    /** Whether the command ended with code 0, and what it printed could be read. */
    readonly passed: boolean;
    /** Absent when there is nothing, or nothing readable. */
    readonly content?: T;
    /** Why it did not pass, as a sentence. */
    readonly problem?: string;
}

/** The parts, each a command and the files that its output is recorded in. */
export const PARTS = ["preview", "policy", "guard", "cost"] as const;

/**
 * Reads the reports in a folder, one folder for each stack, in the order of their names. Secrets are taken out of them.
 *
 * @param env Variables of the process, in which the job has its secrets.
 * @throws When there is none.
 */
export function readReports(folder: string, env: Environment): StackReport[] {
    const stacks = fs.existsSync(folder)
        ? fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
        : [];
    if (stacks.length === 0) {
        throw new Error(
            `There is no report of a stack in ${folder}: it needs a folder for each, with preview.out and so on.`,
        );
    }
    return stacks.map(({ name }) => readReport(path.join(folder, name), name, env)).sort(byStack);
}

/** Whether every part of a report passed. */
export function passed(report: StackReport): boolean {
    return PARTS.every((part) => report[part].passed);
}

type Environment = Readonly<Record<string, string | undefined>>;

function readReport(folder: string, stack: string, env: Environment): StackReport {
    const part = <T>(name: (typeof PARTS)[number], read: Reader<T>) => readPart(path.join(folder, name), env, read);
    return {
        stack,
        preview: part("preview", readChanges),
        policy: part("policy", (text) => readFindings(text, stack)),
        guard: part("guard", asPrinted),
        cost: part("cost", asPrinted),
    };
}

/** Makes the content of a part of what its command wrote to stdout and to stderr. */
type Reader<T> = (out: string, log: string) => T;

/** @param base Path of the part's files, without their endings. */
function readPart<T>(base: string, env: Environment, read: Reader<T>): Part<T> {
    const file = (ending: string) => `${base}.${ending}`;
    if (!["out", "log", "code"].every((ending) => fs.existsSync(file(ending)))) {
        return { passed: false, problem: "It did not run." };
    }
    // Now, and not in the comment: there a secret can be cut, or have its signs escaped.
    const text = (ending: string) => redact(fs.readFileSync(file(ending), "utf8"), env);
    const code = text("code").trim();
    const failure = code === "0" ? undefined : `It ended with code ${code}.`;
    try {
        const content = read(text("out"), text("log"));
        return { passed: failure === undefined, content, problem: failure };
    } catch (error) {
        return { passed: false, problem: [failure, (error as Error).message].filter(Boolean).join(" ") };
    }
}

function asPrinted(out: string, log: string): string {
    return [out, log]
        .map((text) => text.trim())
        .filter(Boolean)
        .join("\n");
}

function byStack(one: StackReport, other: StackReport): number {
    return one.stack < other.stack ? -1 : 1;
}
