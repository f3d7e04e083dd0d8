import * as crypto from "node:crypto";
import type { LogSink } from "../logs/types";
import { compileTemplate } from "./template";
import type { Stage } from "./types";

/** `accessLogSettings` of a stage. */
export interface AccessLogSettings {
    readonly destinationArn: string;
    readonly format: string;
}

/**
 * Compiles a stage's access log: one line after each request.
 *
 * @throws When the destination is no log group.
 */
export function compileAccessLog(
    { destinationArn, format }: AccessLogSettings,
    stage: string,
    logs: LogSink,
): NonNullable<Stage["log"]> {
    const group = logGroupOf(destinationArn);
    const stream = crypto.createHash("sha256").update(stage).digest("hex").slice(0, 32);
    const escape = format.trimStart().startsWith("{") ? inJson : onOneLine;
    const line = compileTemplate(format, { missing: "-", escape });
    return (exchange) => logs.put(group, stream, [line(exchange)]);
}

/** The name in a log group's ARN. */
export function logGroupOf(destinationArn: string): string {
    const name = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(destinationArn)?.[1];
    if (!name) {
        throw new Error(`The access log goes to ${destinationArn}; the local run supports log groups.`);
    }
    return name;
}

/** A client chooses path and user agent, so that a quote in them must not end the field. */
function inJson(value: string): string {
    return JSON.stringify(value).slice(1, -1);
}

function onOneLine(value: string): string {
    return value.replace(/[\r\n]+/g, " ");
}
