import * as path from "node:path";
import type { AgentPlace } from "./agent";
import type { TaskContainer } from "./types";

/** What a container's variables are made of, besides its definition. */
export interface VariablesArgs {
    readonly container: TaskContainer;
    readonly place: AgentPlace;
    /** Folder of the task's own files. */
    readonly temporary: string;
    readonly region: string;
    /** URL of the AWS APIs. */
    readonly endpoint: string;
    readonly localise: (value: string) => string;
    /** What this machine adds to all variables, e.g. the certificate of an authority of its own. */
    readonly added: Readonly<Record<string, string>>;
}

/**
 * The whole environment of a container's process: its own variables, those of overrides, and Fargate's; nothing of this machine's.
 *
 * Deviations from AWS: credentials and metadata are on a port of 127.0.0.1; `HOME` and `TMPDIR` are the task's own folder, where a
 * container has a file system of its own.
 */
export function containerVariables(args: VariablesArgs): Record<string, string> {
    const { container, place, temporary, region } = args;
    const overridden = (container.override?.environment ?? []).map(({ name, value }) => [name, value] as const);
    const own = { ...container.definition.environment, ...Object.fromEntries(overridden) };
    const { credentials } = place;
    return {
        ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, args.localise(value)])),
        ...args.added,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: args.endpoint,
        AWS_EXECUTION_ENV: "AWS_ECS_FARGATE",
        // Without a task role, an SDK would go on to ask the machine that this run is on.
        AWS_EC2_METADATA_DISABLED: "true",
        ...(credentials === undefined
            ? {}
            : {
                  AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials.url,
                  AWS_CONTAINER_AUTHORIZATION_TOKEN: credentials.token,
              }),
        ECS_CONTAINER_METADATA_URI_V4: place.metadataUrl(container),
        PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
        HOME: temporary,
        TMPDIR: temporary,
        TZ: ":UTC",
    };
}
