import type { ContainerDefinition } from "./types";

/**
 * Docker label by which a container definition says what stands for its image on this machine, where no image is built or pulled: the path
 * of a JavaScript file, relative to the project's folder. It is run by this machine's Node with the container's command as arguments,
 * which is right for an image whose ENTRYPOINT is `node <that file>`; `entryPoint` is part of what the label replaces.
 */
export const ENTRY_LABEL = "quartet.local.entry";

/**
 * Reads the containers of a task definition.
 *
 * Kept here: command, environment, memory, stopTimeout, essential, `awslogs`, and readonlyRootFilesystem by Node's permission model.
 * Without effect: user, cpu, ulimits, healthCheck, portMappings, linuxParameters; a process has this user's own rights and network.
 *
 * @param text JSON text, in the terms of the ECS API.
 * @param taskMemory MiB of the whole task.
 * @throws When ECS would refuse it, or when it needs what the local run has not.
 */
export function readContainers(text: string, taskMemory: number): ContainerDefinition[] {
    const given: unknown = JSON.parse(text);
    if (!Array.isArray(given) || given.length === 0) {
        throw new Error("Task definition must have at least one container definition.");
    }
    const containers = given.map((one) => readContainer(one as ContainerInputs, taskMemory));
    if (!containers.some(({ essential }) => essential)) {
        throw new Error("Container.essential must be set for at least one container.");
    }
    if (new Set(containers.map(({ name }) => name)).size < containers.length) {
        throw new Error("Container names must be unique within a task definition.");
    }
    return containers;
}

interface ContainerInputs {
    readonly name?: string;
    readonly image?: string;
    readonly essential?: boolean;
    readonly cpu?: number;
    readonly memory?: number;
    readonly command?: readonly string[];
    readonly environment?: readonly { readonly name: string; readonly value: string }[];
    readonly stopTimeout?: number;
    readonly readonlyRootFilesystem?: boolean;
    readonly mountPoints?: readonly { readonly readOnly?: boolean }[];
    readonly dockerLabels?: Readonly<Record<string, string>>;
    readonly logConfiguration?: { readonly logDriver?: string; readonly options?: Readonly<Record<string, string>> };
}

/** Parameters that change what a container does, and that the local run does not have. */
const UNSERVED = ["secrets", "environmentFiles", "dependsOn", "volumesFrom", "firelensConfiguration"] as const;

function readContainer(given: ContainerInputs, taskMemory: number): ContainerDefinition {
    const { name = "", image = "", stopTimeout = DEFAULT_STOP_TIMEOUT, memory } = given;
    const fail = (reason: string): never => {
        throw new Error(`container ${name}: ${reason}`);
    };
    if (!/^[\w-]{1,255}$/.test(name)) {
        fail("a name has 1 to 255 letters, digits, hyphens and underscores");
    }
    if (image === "") {
        fail("Container.image should not be null or empty.");
    }
    for (const property of UNSERVED) {
        const value = (given as Record<string, unknown>)[property];
        if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
            fail(`${property} is not supported by the local run`);
        }
    }
    if (stopTimeout < 0 || stopTimeout > LONGEST_STOP_TIMEOUT) {
        fail(`stopTimeout is ${stopTimeout}; Fargate allows at most ${LONGEST_STOP_TIMEOUT} seconds`);
    }
    if (memory !== undefined && memory > taskMemory) {
        fail("Invalid setting for container. The container's memory is more than the task's.");
    }
    const entry = given.dockerLabels?.[ENTRY_LABEL];
    const log = readLog(given, fail);
    return {
        name,
        image,
        essential: given.essential ?? true,
        cpu: given.cpu ?? 0,
        command: given.command ?? [],
        environment: Object.fromEntries((given.environment ?? []).map((one) => [one.name, one.value])),
        ...(memory === undefined ? {} : { memoryMb: memory }),
        stopTimeoutSeconds: stopTimeout,
        readonlyRootFilesystem: given.readonlyRootFilesystem === true,
        writableVolume: (given.mountPoints ?? []).some(({ readOnly }) => readOnly !== true),
        ...(entry === undefined ? {} : { entry }),
        ...(log === undefined ? {} : { log }),
    };
}

/** In seconds. Source: ECS API Reference, ContainerDefinition. */
const [DEFAULT_STOP_TIMEOUT, LONGEST_STOP_TIMEOUT] = [30, 120];

function readLog({ logConfiguration }: ContainerInputs, fail: (reason: string) => never): ContainerDefinition["log"] {
    if (logConfiguration === undefined) {
        return undefined;
    }
    const { logDriver, options = {} } = logConfiguration;
    if (logDriver !== "awslogs") {
        return fail(`the local run has the log driver awslogs, not ${logDriver}`);
    }
    const { "awslogs-group": group, "awslogs-stream-prefix": streamPrefix } = options;
    if (group === undefined || streamPrefix === undefined || options["awslogs-region"] === undefined) {
        return fail("Log driver awslogs requires options: awslogs-region, awslogs-group, awslogs-stream-prefix.");
    }
    return { group, streamPrefix };
}
