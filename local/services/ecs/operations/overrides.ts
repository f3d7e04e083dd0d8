import { invalidParameter } from "../errors";
import { integer, optionalText, refuseOthers, requiredText, structures, textList, type Input } from "../input";
import type { ContainerOverride, Overrides, TaskDefinition } from "../types";

/** Longest overrides, as JSON text. Source: ECS API Reference, TaskOverride. */
const LONGEST = 8192;

/** @throws InvalidParameterException, UnsupportedFeatureException, SerializationException */
export function readOverrides(given: Input): Overrides {
    if (JSON.stringify(given).length > LONGEST) {
        throw invalidParameter(`Container Overrides length must be at most ${LONGEST}`);
    }
    refuseOthers("overrides", given, ["containerOverrides", "cpu", "memory", "taskRoleArn", "executionRoleArn"]);
    const texts = ["cpu", "memory", "taskRoleArn", "executionRoleArn"].map((name) => [name, optionalText(given, name)]);
    const containerOverrides = structures(given, "containerOverrides").map(readContainerOverride);
    return {
        ...(Object.fromEntries(texts.filter(([, text]) => text !== undefined)) as Overrides),
        ...(containerOverrides.length === 0 ? {} : { containerOverrides }),
    };
}

/** @throws InvalidParameterException when an override names no container of the definition */
export function checkNames({ containerOverrides = [] }: Overrides, { containers }: TaskDefinition): void {
    for (const { name } of containerOverrides) {
        if (!containers.some((container) => container.name === name)) {
            throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
        }
    }
}

function readContainerOverride(given: Input): ContainerOverride {
    refuseOthers("containerOverrides", given, ["name", "command", "environment", "cpu", "memory"]);
    const environment = structures(given, "environment").map((variable) => ({
        name: requiredText(variable, "name"),
        value: optionalText(variable, "value") ?? "",
    }));
    const cpu = integer(given, "cpu", [0, 16_384]);
    const memory = integer(given, "memory", [4, 122_880]);
    return {
        name: requiredText(given, "name"),
        ...(given.command === undefined ? {} : { command: textList(given, "command") }),
        ...(environment.length === 0 ? {} : { environment }),
        ...(cpu === undefined ? {} : { cpu }),
        ...(memory === undefined ? {} : { memory }),
    };
}
