import { contextVariable, requestParameter } from "./contextVariables";
import type { Exchange, HeaderMapping } from "./types";

export interface TemplateOptions {
    /** Stands where a variable has no value. */
    readonly missing: string;
    /** Makes a value safe for its surroundings. @default - none: values stand as they are */
    readonly escape?: (value: string) => string;
}

/** Makes a text with `$context…`, `$stageVariables…` and `$method.request…` into a function of the request. No VTL. */
export function compileTemplate(
    text: string,
    { missing, escape = (value) => value }: TemplateOptions,
): (exchange: Exchange) => string {
    const parts: (string | ((exchange: Exchange) => string))[] = [];
    let end = 0;
    for (const match of text.matchAll(VARIABLE)) {
        const source = compileSource(match[1] ?? match[2]);
        // The one variable that brings its own quotes.
        const quoted = /context\.error\.messageString$/.test(match[0]);
        parts.push(text.slice(end, match.index), (exchange) => {
            const value = source(exchange);
            return value === undefined ? missing : quoted ? value : escape(value);
        });
        end = match.index + match[0].length;
    }
    const rest = text.slice(end);
    return (exchange) => {
        let result = "";
        for (const part of parts) {
            result += typeof part === "string" ? part : part(exchange);
        }
        return result + rest;
    };
}

/**
 * Compiles `responseParameters`, e.g. `{"gatewayresponse.header.X": "'fixed'"}`.
 *
 * @param prefix What stands before a header's name.
 * @throws When a name or a source is none that can be mapped, naming `where`.
 */
export function compileHeaders(
    parameters: Record<string, string> = {},
    prefix: string,
    where: string,
): HeaderMapping[] {
    return Object.entries(parameters).map(([key, source]) => {
        if (!key.startsWith(prefix)) {
            throw new Error(`${where} maps to ${key}; only ${prefix}<name> can be set.`);
        }
        return { name: key.slice(prefix.length), value: compileMapping(source, where) };
    });
}

const NAME = "[\\w-]+(?:\\.[\\w-]+)*";

const SOURCE = `(?:context|stageVariables|method\\.request\\.(?:header|querystring|path))\\.${NAME}`;

const VARIABLE = new RegExp(`\\$(?:(${SOURCE})|\\{(${SOURCE})\\})`, "g");

function compileMapping(source: string, where: string): HeaderMapping["value"] {
    const fixed = /^'([^']*)'$/.exec(source);
    if (fixed) {
        return () => fixed[1];
    }
    if (!new RegExp(`^${SOURCE}$`).test(source)) {
        throw new Error(
            `${where} maps from ${source}; the local run supports '…' in single quotes, context.…, stageVariables.… and method.request.….`,
        );
    }
    return compileSource(source);
}

function compileSource(source: string): (exchange: Exchange) => string | undefined {
    if (source.startsWith("context.")) {
        const name = source.slice("context.".length);
        return (exchange) => contextVariable(name, exchange);
    }
    if (source.startsWith("stageVariables.")) {
        const name = source.slice("stageVariables.".length);
        return ({ stage }) => stage.variables?.[name];
    }
    const [place, ...name] = source.slice("method.request.".length).split(".");
    return (exchange) => requestParameter(place, name.join("."), exchange);
}
