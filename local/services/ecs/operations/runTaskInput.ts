import { invalidParameter } from "../errors";
import {
    integer,
    optionalText,
    refuseOthers,
    requiredText,
    structure,
    structures,
    textList,
    type Input,
} from "../input";
import { readOverrides } from "./overrides";
import type { Overrides } from "../types";

/** A checked request of RunTask; whether cluster and task definition exist is not part of it. */
export interface RunTaskInput {
    readonly taskDefinition: string;
    readonly count: number;
    readonly clientToken?: string;
    readonly startedBy?: string;
    readonly group?: string;
    readonly subnets: readonly string[];
    readonly overrides: Overrides;
    readonly tags: Readonly<Record<string, string>>;
    /** Whether tasks get the tags of their definition. */
    readonly propagate: boolean;
    readonly capacityProvider?: string;
}

/** ECS API Reference, RunTask. @throws InvalidParameterException, UnsupportedFeatureException, SerializationException */
export function readRunTask(input: Input): RunTaskInput {
    refuseOthers("RunTask", input, SERVED);
    const clientToken = optionalText(input, "clientToken");
    if (clientToken !== undefined && !/^[\x21-\x7e]{1,64}$/.test(clientToken)) {
        throw invalidParameter("clientToken must have 1 to 64 ASCII characters in the range of 33-126.");
    }
    const startedBy = optionalText(input, "startedBy");
    if (startedBy !== undefined && !/^[\w/-]{1,128}$/.test(startedBy)) {
        throw invalidParameter(
            "startedBy must have 1 to 128 letters, numbers, hyphens (-), forward slash (/), and underscores (_).",
        );
    }
    const propagateTags = optionalText(input, "propagateTags") ?? "NONE";
    if (propagateTags !== "NONE" && propagateTags !== "TASK_DEFINITION") {
        throw invalidParameter("Invalid value for propagateTags");
    }
    const capacityProvider = readCapacity(input);
    const group = optionalText(input, "group");
    return {
        taskDefinition: requiredText(input, "taskDefinition"),
        count: integer(input, "count", [1, 10]) ?? 1,
        ...(clientToken === undefined ? {} : { clientToken }),
        ...(startedBy === undefined ? {} : { startedBy }),
        ...(group === undefined ? {} : { group }),
        subnets: readSubnets(input),
        overrides: readOverrides(structure(input, "overrides")),
        tags: readTags(input),
        propagate: propagateTags === "TASK_DEFINITION",
        ...(capacityProvider === undefined ? {} : { capacityProvider }),
    };
}

const SERVED = [
    ...["cluster", "taskDefinition", "count", "launchType", "capacityProviderStrategy", "platformVersion"],
    ...["networkConfiguration", "overrides", "clientToken", "startedBy", "group", "enableECSManagedTags"],
    ...["propagateTags", "tags"],
];

/** A task without a launch type goes to container instances, of which there are none here. */
function readCapacity(input: Input): string | undefined {
    const launchType = optionalText(input, "launchType");
    const [strategy] = structures(input, "capacityProviderStrategy");
    if (launchType !== undefined && strategy !== undefined) {
        throw invalidParameter(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
        );
    }
    const provider = strategy && requiredText(strategy, "capacityProvider");
    if (launchType !== "FARGATE" && provider !== "FARGATE" && provider !== "FARGATE_SPOT") {
        throw invalidParameter("No Container Instances were found in your cluster.");
    }
    return provider;
}

function readSubnets(input: Input): readonly string[] {
    const network = structure(structure(input, "networkConfiguration"), "awsvpcConfiguration");
    if (Object.keys(network).length === 0) {
        throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    }
    const subnets = textList(network, "subnets");
    if (subnets.length === 0) throw invalidParameter("subnets can not be empty.");
    if (subnets.length > 16) throw invalidParameter("subnets can have at most 16 items.");
    if (textList(network, "securityGroups").length > 5) {
        throw invalidParameter("securityGroups can have at most 5 items.");
    }
    const assign = optionalText(network, "assignPublicIp") ?? "DISABLED";
    if (assign !== "ENABLED" && assign !== "DISABLED") throw invalidParameter("Invalid value for assignPublicIp");
    return subnets;
}

function readTags(input: Input): Record<string, string> {
    const tags = structures(input, "tags").map((tag) => [requiredText(tag, "key"), optionalText(tag, "value") ?? ""]);
    if (tags.length > 50) throw invalidParameter("A task can have at most 50 tags.");
    return Object.fromEntries(tags) as Record<string, string>;
}
