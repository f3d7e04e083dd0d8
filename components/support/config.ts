import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { MOST_BYTES } from "../../handlers/uploadPipeline/uploadSchema";

/** What a stack decides. `Pulumi.dev.yaml` and `Pulumi.prod.yaml` have the same keys and differ in values only. */
export type StackConfig = v.InferOutput<ReturnType<typeof stackConfigSchema>>;

/**
 * The config of the stack at hand.
 *
 * @throws `pulumi.RunError` with one sentence for each key that is unknown, missing or has a value that is not allowed.
 */
export function readConfig(): StackConfig {
    const prefix = `${pulumi.getProject()}:`;
    const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
    return parseConfig(Object.fromEntries(own.map(([key, text]) => [key.slice(prefix.length), plain(text)])), prefix);
}

/** Checks the values of a stack's config, by name without the project's prefix. */
export function parseConfig(values: Readonly<Record<string, unknown>>, prefix: string): StackConfig {
    const result = v.safeParse(stackConfigSchema(), values);
    if (!result.success) {
        throw new pulumi.RunError(result.issues.map((issue) => sentence(issue, prefix)).join("\n"));
    }
    return result.output;
}

/** Every message below completes the sentence "allowed is …". */
function stackConfigSchema() {
    return v.strictObject(
        {
            stage: v.pipe(
                v.string("1 to 32 of a-z, 0-9 and -, starting with a letter"),
                v.regex(/^[a-z][a-z0-9-]{0,31}$/, "1 to 32 of a-z, 0-9 and -, starting with a letter"),
            ),
            encryption: v.picklist(["aws-managed", "customer-key"], "aws-managed or customer-key"),
            clients: clientsSchema(),
            corsOrigins: v.pipe(
                v.array(
                    v.pipe(
                        v.string("an origin such as https://app.example.com, or *"),
                        v.regex(/^(\*|https?:\/\/[^/*\s]+)$/, "an origin such as https://app.example.com, or *"),
                    ),
                    "a list of origins",
                ),
                v.check(
                    (origins) => !origins.includes("*") || origins.length === 1,
                    "either * alone or a list of origins",
                ),
            ),
            logs: v.strictObject(
                {
                    retentionDays: v.picklist(LOG_RETENTION_DAYS, `one of ${LOG_RETENTION_DAYS.join(", ")}`),
                    level: v.picklist(["DEBUG", "INFO", "WARN", "ERROR"], "DEBUG, INFO, WARN or ERROR"),
                },
                "an object of retentionDays and level",
            ),
            alarmTopics: v.array(
                v.pipe(v.string("the ARN of an SNS topic"), v.regex(/^arn:aws[\w-]*:sns:/, "the ARN of an SNS topic")),
                "a list of ARNs of SNS topics",
            ),
            permissionsBoundary: v.union(
                [v.literal(false), v.pipe(v.string(), v.regex(/^arn:aws[\w-]*:iam::\d{12}:policy\/.+$/))],
                "false, or the ARN of a policy",
            ),
            alarmTopic: v.boolean("true or false"),
            accessLogs: v.union(
                [v.literal(false), v.strictObject({ keepDays: wholeNumber(1, 36_500) })],
                "false, or an object of keepDays",
            ),
            firewall: v.union(
                [v.literal(false), v.strictObject({ requestsPerAddress: wholeNumber(10, 2_000_000_000) })],
                "false, or an object of requestsPerAddress",
            ),
            protectData: v.boolean("true or false"),
            eventIngest: v.strictObject(
                {
                    versioning: v.boolean("true or false"),
                    keepEventsDays: wholeNumber(1, 36_500),
                    keepRejectedDays: wholeNumber(1, 36_500),
                    throttle: throttleSchema(),
                },
                "an object of versioning, keepEventsDays, keepRejectedDays and throttle",
            ),
            uploadPipeline: v.strictObject(
                {
                    extensions: v.array(
                        v.pipe(
                            v.string("an extension such as .pdf"),
                            v.regex(/^\.[a-z0-9]{1,16}$/, "an extension such as .pdf"),
                        ),
                        "a list of extensions",
                    ),
                    maxBytes: wholeNumber(1, MOST_BYTES),
                    rememberTokensSeconds: wholeNumber(0, 3600),
                    versioning: v.boolean("true or false"),
                    // Dead letters live for 14 days, and may be sent back until then.
                    keepTemporaryDays: wholeNumber(15, 36_500),
                    openIdConnect: openIdConnectSchema(),
                    throttle: throttleSchema(),
                },
                "an object of extensions, maxBytes, rememberTokensSeconds, versioning, keepTemporaryDays, openIdConnect and throttle",
            ),
            orderService: v.strictObject(
                {
                    way: v.picklist(["task", "worker"], "task or worker"),
                    mostWorkers: wholeNumber(1, 100),
                    network: v.picklist(["private", "public"], "private or public"),
                    architecture: v.picklist(["ARM64", "X86_64"], "ARM64 or X86_64"),
                    mostCents: wholeNumber(1, Number.MAX_SAFE_INTEGER),
                    rememberTokensSeconds: wholeNumber(0, 3600),
                    pointInTimeRecovery: v.boolean("true or false"),
                    flowLogs: v.boolean("true or false"),
                    openIdConnect: openIdConnectSchema(),
                    throttle: throttleSchema(),
                },
                "an object of way, mostWorkers, network, architecture, mostCents, rememberTokensSeconds, pointInTimeRecovery, flowLogs, openIdConnect and throttle",
            ),
            challengeApi: v.strictObject(
                {
                    keys: v.pipe(
                        v.tuple([keyName(), keyName()], "a list of two names"),
                        v.check(([one, other]) => one !== other, "a list of two different names"),
                    ),
                    throttle: throttleSchema(),
                    usagePlan: v.strictObject(
                        { ...throttleSchema().entries, requestsPerMonth: wholeNumber(1, 2_147_483_647) },
                        "an object of requestsPerSecond, burst and requestsPerMonth",
                    ),
                },
                "an object of keys, throttle and usagePlan",
            ),
        },
        "an object",
    );
}

/** The periods that CloudWatch Logs knows. */
const LOG_RETENTION_DAYS = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** All environment variables of a function may take 4 kB together; the clients are one of them. */
const MOST_CLIENT_BYTES = 3_000;

function clientsSchema() {
    const id = "an id of 1 to 64 of a-z, A-Z, 0-9, _ and -, not beginning with oidc-";
    const digest = "the SHA-256 of a token, 64 hex digits; `npm run token` prints it";
    return v.pipe(
        v.custom<Record<string, string[]>>(
            (clients) => !Array.isArray(clients),
            "an object of lists of digests by client id",
        ),
        v.record(
            // `oidc-` is how the ids of an issuer's subjects begin.
            v.pipe(v.string(id), v.regex(/^(?!oidc-)[\w-]{1,64}$/, id)),
            v.array(v.pipe(v.string(digest), v.regex(/^[0-9a-f]{64}$/, digest)), "a list of digests of tokens"),
            "an object of lists of digests by client id",
        ),
        v.check(
            (clients) => JSON.stringify(clients).length <= MOST_CLIENT_BYTES,
            `at most ${MOST_CLIENT_BYTES} characters in all, since functions receive it as an environment variable`,
        ),
    );
}

function openIdConnectSchema() {
    const allowed = "false, or an object of issuer, audience and jwksUri";
    const url = (example: string) => {
        const message = `an address such as ${example}`;
        return v.pipe(v.string(message), v.regex(/^https:\/\/[^\s?#]+$/, message));
    };
    return v.union(
        [
            v.literal(false),
            v.strictObject({
                issuer: url("https://login.example.com"),
                audience: v.pipe(v.string("a text"), v.minLength(1, "a text that is not empty")),
                jwksUri: url("https://login.example.com/keys"),
            }),
        ],
        allowed,
    );
}

function throttleSchema() {
    return v.strictObject(
        { requestsPerSecond: wholeNumber(1, 10_000), burst: wholeNumber(1, 5_000) },
        "an object of requestsPerSecond and burst",
    );
}

function keyName() {
    const allowed = "a name of 1 to 32 of a-z, 0-9 and -";
    return v.pipe(v.string(allowed), v.regex(/^[a-z0-9-]{1,32}$/, allowed));
}

function wholeNumber(least: number, most: number) {
    const allowed = `a whole number from ${least} to ${most}`;
    return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(least, allowed), v.maxValue(most, allowed));
}

/** Pulumi hands structured values over as JSON text, and plain ones as they stand in the file. */
function plain(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

function sentence(issue: v.BaseIssue<unknown>, prefix: string): string {
    const path = (issue.path ?? []).map(({ key }) => String(key));
    const key = prefix + path.join(".");
    if (issue.type === "strict_object" && issue.expected === "never") {
        return `${key} is unknown: allowed ${path.length > 1 ? `in ${prefix}${path[0]} ` : ""}are ${keysBeside(path).join(", ")}.`;
    }
    if (issue.type === "strict_object" && issue.received === "undefined") {
        return `${key} is missing: allowed is ${messageFor(path)}.`;
    }
    // What stands there by mistake may be a token.
    const value =
        path[0] === "clients" && issue.input !== path.at(-1)
            ? "has a wrong value"
            : `is ${JSON.stringify(issue.input)}`;
    return `${key} ${value}: allowed is ${issue.message}.`;
}

/** What the schema of a missing key says of its absence. */
function messageFor(path: readonly string[]): string {
    const entries = entriesAt(path.slice(0, -1));
    return v.safeParse(entries[path.at(-1)!], undefined).issues![0].message;
}

function keysBeside(path: readonly string[]): string[] {
    return Object.keys(entriesAt(path.slice(0, -1)));
}

function entriesAt(path: readonly string[]): v.ObjectEntries {
    const step = (entries: v.ObjectEntries, key: string) =>
        (entries[key] as unknown as { entries: v.ObjectEntries }).entries;
    return path.reduce<v.ObjectEntries>(step, stackConfigSchema().entries);
}
