import { toTemplate, type InputContext } from "./inputTransformer";
import { readPath } from "./jsonPath";

/** What a rule sends events to. */
export interface Target {
    /** ARN of a function. */
    readonly arn: string;
    /**
     * What the target gets for an event, as JSON text.
     *
     * @throws When an input transformer makes no JSON of it.
     */
    toInput(context: InputContext): string;
}

/**
 * Reads the inputs of a planned `aws:cloudwatch/eventTarget:EventTarget`.
 *
 * A dead-letter queue gets nothing here: what does not reach its target is told the user instead.
 *
 * @throws When EventBridge would refuse it, or when the target is no function.
 */
export function toTarget(inputs: Readonly<Record<string, unknown>>, targetId: string): Target {
    const { arn = "", input, inputPath, inputTransformer, eventBusName = "default" } = inputs as TargetInputs;
    if (!/^arn:[\w-]+:lambda:/.test(arn)) {
        throw new Error(`the local run sends events to functions, not to "${arn}"`);
    }
    if (eventBusName !== "default") {
        throw new Error(`the local run has the event bus default, not ${eventBusName}`);
    }
    if ([input, inputPath, inputTransformer].filter((given) => given !== undefined).length > 1) {
        throw new Error(`Only one of Input, InputPath, or InputTransformer must be provided for target ${targetId}.`);
    }
    if (input !== undefined) {
        checkJson(input, targetId);
        return { arn, toInput: () => input };
    }
    if (inputPath !== undefined) {
        const read = readPath(inputPath);
        return { arn, toInput: ({ event }) => JSON.stringify(read(event) ?? null) };
    }
    return { arn, toInput: inputTransformer ? toTemplate(inputTransformer) : ({ event }) => JSON.stringify(event) };
}

interface TargetInputs {
    readonly arn?: string;
    /** JSON text that takes the event's place. */
    readonly input?: string;
    /** The part of the event that is sent, e.g. `$.detail`. */
    readonly inputPath?: string;
    readonly inputTransformer?: Parameters<typeof toTemplate>[0];
    readonly eventBusName?: string;
}

function checkJson(text: string, targetId: string): void {
    try {
        JSON.parse(text);
    } catch (error) {
        throw new Error(`JSON syntax error in input for target ${targetId}.`, { cause: error });
    }
}
