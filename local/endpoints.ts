/** Rewrites values that a deployed stack would hold into their counterparts on this machine. */
export interface Endpoints {
    /** In a text: URLs of REST APIs and queues, addresses of databases, and values that AWS generates. */
    localise(text: string): string;
    /** In all texts of a value. */
    localiseAll<T>(value: T): T;
}

export interface EndpointsArgs {
    /** The gateway's URL, once it listens. */
    readonly endpoint: () => string;
    /** The value that stands for a generated one, by URN and property. */
    readonly generated: (urn: string, property: string) => string;
    /** `<host>:<port>` of a database here, by the host of its endpoint at AWS; undefined when there is none. */
    readonly database: (host: string) => string | undefined;
}

export function createEndpoints({ endpoint, generated, database }: EndpointsArgs): Endpoints {
    const localise = (text: string) =>
        text
            .replace(REST_API, (_, api: string) => `${endpoint()}/_api/${api}`)
            .replace(QUEUES, endpoint)
            .replace(DATABASES, (address, host: string) => database(host) ?? address)
            .replace(GENERATED, (_, urn: string, property: string) => generated(urn, property));
    const localiseAll = (value: unknown): unknown => {
        if (typeof value === "string") {
            return localise(value);
        }
        if (Array.isArray(value)) {
            return value.map(localiseAll);
        }
        return typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, localiseAll(item)]))
            : value;
    };
    return { localise, localiseAll: <T>(value: T) => localiseAll(value) as T };
}

const REST_API = /https:\/\/([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g;

const QUEUES = /https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com/g;

const DATABASES = /\b([a-z0-9]{26}\.dsql\.[a-z0-9-]+\.on\.aws):5432\b/g;

/** As plans write them: `generatedValue` in plan/outputs/types.ts. */
const GENERATED = /\{\{generated (\S+)#(\w+)\}\}/g;
