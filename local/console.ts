import type { Plan } from "../plan/types";
import type { Endpoints } from "./endpoints";
import type { PathHandler } from "./gateway/server";
import type { Trace } from "./trace";

/** What the console shows. */
export interface ConsoleArgs {
    readonly plan: Plan;
    readonly trace: Trace;
    readonly localiseAll: Endpoints["localiseAll"];
}

/** A page for people: the stack's outputs, its resources, and the latest decisions of IAM. Secret outputs are left out. */
export function createConsole(args: ConsoleArgs): PathHandler {
    return (request, response) => {
        const isLocal = /^127\.0\.0\.1(:\d+)?$/.test(request.headers.host ?? "");
        if (!isLocal || request.method !== "GET") {
            // Another host name could be a page of the web that points its own name at this machine.
            response.writeHead(403, { "content-type": "text/plain" }).end("Open the console by GET on 127.0.0.1.\n");
            return;
        }
        response.writeHead(200, {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
            "x-content-type-options": "nosniff",
        });
        response.end(page(args));
    };
}

function page({ plan, trace, localiseAll }: ConsoleArgs): string {
    const outputs = Object.entries(localiseAll(plan.outputs)).map(([name, value]) => [
        name,
        plan.secretOutputs.includes(name) ? "secret: see .local/outputs.json" : String(value),
    ]);
    const resources = plan.resources
        .filter(({ custom, remote }) => custom || remote)
        .map(({ type, name, id }) => [type, name, localiseAll(id)]);
    const decisions = trace
        .recent()
        .map(({ time, decision, principal, action, resource, by = "" }) => [
            time,
            decision,
            principal,
            action,
            resource,
            by,
        ]);
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(plan.project)} ${escape(plan.stack)}</title>
<style>body{font:14px system-ui;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 8px;text-align:left}</style>
<h1>${escape(plan.project)} ${escape(plan.stack)}</h1>
<h2>Outputs</h2>${table(["name", "value"], outputs)}
<h2>Decisions of IAM, newest first</h2>${table(["time", "decision", "principal", "action", "resource", "by"], decisions)}
<h2>Resources</h2>${table(["type", "name", "id"], resources)}</html>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[], tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
    return `<table>${line(head, "th")}${rows.map((row) => line(row, "td")).join("\n")}</table>`;
}

function escape(text: string): string {
    return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
