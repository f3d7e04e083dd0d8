import type { ResourceProvider } from "../../../gateway/types";
import { toMapping, type Mapping } from "./mapping";
import type { EventSourceMappingsOptions } from "./options";
import { startPoller, type Poller } from "./poller";

/**
 * Delivers the messages of queues to functions in batches, as the function's own role, whose policies are asked for each receipt and
 * deletion. Source: Lambda Developer Guide, "Using Lambda with Amazon SQS".
 *
 * `ready` begins anew with what was applied since the last time, and throws when Lambda would refuse a mapping. `close` begins no other
 * batch and leaves a second to those under way.
 */
export function createEventSourceMappings(options: EventSourceMappingsOptions): ResourceProvider {
    let declared: Mapping[] = [];
    let pollers: Poller[] = [];
    const endAll = async () => {
        const ending = pollers;
        pollers = [];
        await Promise.all(ending.map((poller) => poller.end()));
    };
    return {
        apply: {
            [TYPE]: (resource) => void declared.push(toMapping(resource)),
        },
        async ready() {
            await endAll();
            const mappings = declared;
            declared = [];
            mappings.forEach((mapping, index) => {
                const reason = refusal(mapping, mappings.slice(0, index), options);
                if (reason !== undefined) {
                    throw new Error(`${mapping.name} (${TYPE}): ${reason}`);
                }
            });
            pollers = mappings.filter(({ enabled }) => enabled).map((mapping) => startPoller(mapping, options));
        },
        close: endAll,
    };
}

const TYPE = "aws:lambda/eventSourceMapping:EventSourceMapping";

/** What CreateEventSourceMapping answers when it refuses, also where the mapping is not enabled. */
function refusal(
    { queueArn, functionName }: Mapping,
    earlier: readonly Mapping[],
    { queues, lambda }: EventSourceMappingsOptions,
): string | undefined {
    const attributes = queues.attributes(queueArn);
    const configuration = lambda.configurationOf(functionName);
    if (!attributes) {
        return `the queue ${queueArn} is not declared`;
    }
    if (!configuration) {
        return `the function ${functionName} is not declared`;
    }
    if (
        earlier.some((one) => one.queueArn === queueArn && lambda.configurationOf(one.functionName) === configuration)
    ) {
        return `An event source mapping with SQS arn (" ${queueArn} ") and function (" ${configuration.name} ") already exists.`;
    }
    const visibility = Number(attributes.VisibilityTimeout);
    return visibility < configuration.timeoutSeconds
        ? `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${configuration.timeoutSeconds} seconds`
        : undefined;
}
