import { readPath } from "./jsonPath";

export interface InputContext {
    readonly event: object;
    readonly rule: { readonly name: string; readonly arn: string };
    /** When the event came in. */
    readonly now: Date;
}

/**
 * Reads an input transformer: a template with `<name>` where a part of the event is to stand. In a text of JSON that is the part's own
 * text, elsewhere its JSON; what the event has not is left out.
 *
 * @throws When a template names what no path gives. Source: EventBridge User Guide, "Input transformation".
 */
export function toTemplate({
    inputPaths = {},
    inputTemplate,
}: {
    readonly inputPaths?: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
}): (context: InputContext) => string {
    const paths = new Map(Object.entries(inputPaths).map(([name, path]) => [name, readPath(path)]));
    const parts = split(inputTemplate);
    const unknown = parts.find(
        ({ name }) => name !== undefined && !paths.has(name) && !Object.hasOwn(predefined, name),
    );
    if (unknown) {
        throw new Error(
            `InputTemplate for target contains placeholder ${unknown.name}, which InputPathsMap does not define.`,
        );
    }
    return (context) => {
        const text = parts
            .map(({ text, name, inText }) => {
                if (name === undefined) {
                    return text;
                }
                const value = paths.has(name) ? paths.get(name)!(context.event) : predefined[name](context);
                return write(value, inText);
            })
            .join("");
        try {
            JSON.parse(text);
        } catch (error) {
            throw new Error("the input transformer's template makes no JSON of the event", { cause: error });
        }
        return text;
    };
}

const predefined: Readonly<Record<string, (context: InputContext) => unknown>> = {
    "aws.events.rule-arn": ({ rule }) => rule.arn,
    "aws.events.rule-name": ({ rule }) => rule.name,
    "aws.events.event.ingestion-time": ({ now }) => now.toISOString(),
    "aws.events.event": ({ event }) => ({ ...event, detail: undefined }),
    "aws.events.event.json": ({ event }) => event,
};

interface Part {
    readonly text: string;
    /** Of what stands here instead. */
    readonly name?: string;
    readonly inText: boolean;
}

/** Takes a template apart, and sees which places are within a text of JSON. */
function split(template: string): Part[] {
    const parts: Part[] = [];
    let inText = false;
    for (const [text, name] of template.matchAll(/<([\w.-]+)>|\\[^]|"|[^"<\\]+|</g)) {
        if (text === '"') {
            inText = !inText;
        }
        parts.push({ text, name, inText });
    }
    return parts;
}

function write(value: unknown, inText: boolean): string {
    if (value === undefined) {
        return "";
    }
    const json = JSON.stringify(value);
    if (!inText) {
        return json;
    }
    return typeof value === "string" ? json.slice(1, -1) : JSON.stringify(json).slice(1, -1);
}
