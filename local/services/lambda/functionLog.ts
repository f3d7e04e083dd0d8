import * as crypto from "node:crypto";
import type { Authorizer, Principal } from "../../iam/types";
import type { LogSink } from "../logs/types";
import type { FunctionConfiguration } from "./configuration";
import type { PendingInvocation } from "./invocation";

/** What a finished invocation is reported with. */
export interface Report {
    readonly status: "success" | "error" | "timeout" | "failure";
    readonly durationMs: number;
    readonly maxMemoryMb: number;
    /** With the first invocation of an environment. */
    readonly initMs?: number;
    /** Type of the error, when the status is not `success`. */
    readonly errorType?: string;
}

/** The log stream of one execution environment. */
export interface FunctionLog {
    readonly stream: string;
    /** Text that the process wrote; whole lines become log events, the rest waits for its end. */
    output(pipe: "stdout" | "stderr", text: string): void;
    start(invocation: PendingInvocation): void;
    /** A line of the platform about an invocation, such as that it timed out; in JSON, the report says so itself. */
    note(invocation: PendingInvocation, text: string): void;
    report(invocation: PendingInvocation, report: Report): void;
    /** Resolves when what was written so far is with the log service. */
    settled(): Promise<void>;
}

/** Opens the logs of a function's environments. */
export function functionLogs(args: {
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly logs: LogSink;
    readonly print: (line: string) => void;
}): (configuration: FunctionConfiguration, principal: Principal) => FunctionLog {
    const warned = new Set<string>();
    return (configuration, principal) => {
        const { name, logGroup } = configuration;
        const stream = streamName();
        const missing = missingStatement(args, logGroup, stream, principal);
        if (missing !== undefined && !warned.has(name)) {
            warned.add(name);
            args.print(`${name} writes no log: its role must be allowed ${missing}`);
        }
        const put = missing === undefined ? (lines: string[]) => args.logs.put(logGroup, stream, lines) : () => {};
        return openLog(configuration, stream, put);
    };
}

/** `2026/11/25/[$LATEST]` and 32 hexadecimal digits, as Lambda names them. */
function streamName(): string {
    return `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${crypto.randomBytes(16).toString("hex")}`;
}

/** The first action and resource that the role lacks to write its log; the resources are those of AWS's own refusals. */
function missingStatement(
    {
        account,
        region,
        authorizer,
        logs,
    }: Pick<Parameters<typeof functionLogs>[0], "account" | "region" | "authorizer" | "logs">,
    logGroup: string,
    stream: string,
    principal: Principal,
): string | undefined {
    const group = `arn:aws:logs:${region}:${account}:log-group:${logGroup}`;
    const needed = [
        ...(logs.has(logGroup) ? [] : [{ action: "logs:CreateLogGroup", resource: `${group}:log-stream:` }]),
        { action: "logs:CreateLogStream", resource: `${group}:log-stream:${stream}` },
        { action: "logs:PutLogEvents", resource: `${group}:log-stream:${stream}` },
    ];
    for (const { action, resource } of needed) {
        // A refusal is no error of the function's, so it is asked for first; what is used goes into the trace.
        if (!authorizer.decide({ principal, action, resource }).allowed) {
            return `${action} on ${group}:*`;
        }
        authorizer.authorize({ principal, action, resource }, crypto.randomUUID());
    }
    return undefined;
}

function openLog(configuration: FunctionConfiguration, stream: string, put: (lines: string[]) => void): FunctionLog {
    const json = configuration.logFormat === "JSON";
    // Lambda Developer Guide, "System log level event mapping": starts and good reports are INFO, bad reports WARN.
    const logsGood = !json || configuration.systemLogLevel !== "WARN";
    const unfinished = { stdout: "", stderr: "" };
    let tail: string[] | undefined;
    let late: LateLine[] = [];
    let flushed: Promise<void> | undefined;
    const flushLate = () => {
        const begun = [unfinished.stdout, unfinished.stderr].filter((line) => line !== "");
        unfinished.stdout = unfinished.stderr = "";
        tail?.push(...begun);
        for (const { line, invocation } of late) {
            invocation.tail?.push(line);
            tail = invocation.tail;
        }
        put([...begun, ...late.map(({ line }) => line)]);
        late = [];
        flushed = undefined;
    };
    /**
     * Lines of the platform wait until what the process wrote before has been read. Its pipe holds that output already when its
     * answer arrives, and is read before `setImmediate` calls back.
     */
    const writeLate = (line: string, invocation: PendingInvocation) => {
        late.push({ line, invocation });
        flushed ??= new Promise((resolve) => setImmediate(() => resolve(flushLate())));
    };
    return {
        stream,
        output(pipe, text) {
            const lines = (unfinished[pipe] + text).split("\n");
            unfinished[pipe] = lines.pop()!;
            if (lines.length > 0) {
                tail?.push(...lines);
                put(lines);
            }
        },
        start(invocation) {
            if (logsGood) {
                writeLate(startLine(json, invocation), invocation);
            } else {
                tail = invocation.tail;
            }
        },
        note(invocation, text) {
            if (!json) {
                writeLate(`${new Date().toISOString()} ${invocation.requestId} ${text}`, invocation);
            }
        },
        report(invocation, report) {
            if (logsGood || report.status !== "success") {
                reportLines(json, configuration.memoryMb, invocation, report).forEach((line) =>
                    writeLate(line, invocation),
                );
            }
        },
        settled: () => flushed ?? Promise.resolve(),
    };
}

interface LateLine {
    readonly line: string;
    readonly invocation: PendingInvocation;
}

function startLine(json: boolean, { requestId }: PendingInvocation): string {
    return json
        ? platformLine("start", { requestId, version: "$LATEST" })
        : `START RequestId: ${requestId} Version: $LATEST`;
}

function reportLines(json: boolean, memoryMb: number, { requestId }: PendingInvocation, report: Report): string[] {
    const durationMs = round(report.durationMs);
    const billed = Math.ceil(report.durationMs + (report.initMs ?? 0));
    const init = report.initMs === undefined ? undefined : round(report.initMs);
    if (json) {
        const metrics = {
            durationMs,
            billedDurationMs: billed,
            memorySizeMB: memoryMb,
            maxMemoryUsedMB: report.maxMemoryMb,
            ...(init === undefined ? {} : { initDurationMs: init }),
        };
        const { status, errorType } = report;
        return [
            platformLine("report", { requestId, metrics, status, ...(errorType === undefined ? {} : { errorType }) }),
        ];
    }
    const status =
        report.status === "timeout" || report.status === "failure"
            ? `Status: ${report.status === "timeout" ? "timeout" : "error"}\t`
            : "";
    return [
        `END RequestId: ${requestId}`,
        `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billed} ms\t` +
            `Memory Size: ${memoryMb} MB\tMax Memory Used: ${report.maxMemoryMb} MB\t` +
            (init === undefined ? "" : `Init Duration: ${init.toFixed(2)} ms\t`) +
            status,
    ];
}

function platformLine(type: string, record: object): string {
    return JSON.stringify({ time: new Date().toISOString(), type: `platform.${type}`, record });
}

function round(milliseconds: number): number {
    return Math.round(milliseconds * 1000) / 1000;
}
