import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

/** What the bootstrap's config decides; `Pulumi.example.yaml` tells of each key. */
export type Settings = Omit<v.InferOutput<ReturnType<typeof settingsSchema>>, "organizationId" | "repositoryId"> & {
    /** Of the repository; absent where its tokens have names alone. */
    readonly ids?: { readonly organization: string; readonly repository: string };
};

/**
 * The config of the stack at hand.
 *
 * @throws `pulumi.RunError` with one sentence for each key that is unknown, missing or has a value that is not allowed.
 */
export function readSettings(): Settings {
    const prefix = `${pulumi.getProject()}:`;
    const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
    return parseSettings(Object.fromEntries(own.map(([key, text]) => [key.slice(prefix.length), plain(text)])), prefix);
}

/** Checks the values of the config, by name without the project's prefix. */
export function parseSettings(values: Readonly<Record<string, unknown>>, prefix: string): Settings {
    const result = v.safeParse(settingsSchema(), values);
    if (!result.success) {
        throw new pulumi.RunError(result.issues.map((issue) => sentence(issue, prefix)).join("\n"));
    }
    const { organizationId, repositoryId, ...settings } = result.output;
    if ((organizationId === undefined) !== (repositoryId === undefined)) {
        throw new pulumi.RunError(
            `${prefix}organizationId and ${prefix}repositoryId go together: set both, or leave both out for a repository whose tokens have names alone.`,
        );
    }
    const pipeline = settings.codePipeline;
    if (pipeline && !settings.environments.includes(pipeline.environment)) {
        throw new pulumi.RunError(
            `${prefix}codePipeline.environment is "${pipeline.environment}": allowed is one of ${prefix}environments, ${settings.environments.join(", ")}.`,
        );
    }
    return organizationId && repositoryId
        ? { ...settings, ids: { organization: organizationId, repository: repositoryId } }
        : settings;
}

/** Every message below completes the sentence "allowed is …". */
function settingsSchema() {
    return v.strictObject({
        repository: text(/^[\w-]+\/[\w.-]+$/, "<organization>/<repository>, such as acme/quartet"),
        organizationId: v.optional(id()),
        repositoryId: v.optional(id()),
        branch: v.optional(text(/^[^\s*?]+$/, "the name of a branch, without wildcards"), "main"),
        environments: v.optional(environmentsSchema(), ["dev", "prod"]),
        createProvider: v.optional(v.boolean("true or false"), true),
        codePipeline: v.optional(
            v.union(
                [
                    v.literal(false),
                    v.strictObject({
                        connectionArn: text(/^arn:[\w-]+:(codeconnections|codestar-connections):/, "an ARN"),
                        environment: v.string(),
                    }),
                ],
                "false, or an object of connectionArn (the ARN of an AWS CodeConnections connection) and environment",
            ),
            false,
        ),
    });
}

function environmentsSchema() {
    const name = "a list of different names of stacks, each 1 to 16 of a-z, 0-9 and -, and none preview or bootstrap";
    return v.pipe(
        v.array(text(/^(?!preview$|bootstrap(-|$))[a-z][a-z0-9-]{0,15}$/, name), name),
        v.minLength(1, name),
        v.check((names) => new Set(names).size === names.length, name),
        // What is allowed on `quartet-prod-*` would be allowed on `quartet-prod-eu-…`, too.
        v.check(
            (names) => !names.some((one) => names.some((other) => other.startsWith(`${one}-`))),
            "a list of names of which none begins with another one and -",
        ),
    );
}

/** In YAML an id may stand with quotes or without. */
function id() {
    const allowed = "a number, as GitHub's API gives it";
    return v.pipe(v.union([v.string(), v.number()], allowed), v.transform(String), v.regex(/^\d+$/, allowed));
}

function text(pattern: RegExp, allowed: string) {
    return v.pipe(v.string(allowed), v.regex(pattern, allowed));
}

/** Pulumi hands structured values over as JSON text, and plain ones as they stand in the file. */
function plain(value: string): unknown {
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}

function sentence(issue: v.BaseIssue<unknown>, prefix: string): string {
    const key = `${prefix}${v.getDotPath(issue) ?? ""}`;
    if (issue.expected === "never") {
        return `${key} is unknown: delete it, or correct its name.`;
    }
    return issue.input === undefined
        ? `${key} is missing: Pulumi.example.yaml shows it.`
        : `${key} is ${JSON.stringify(issue.input)}: allowed is ${issue.message}.`;
}
