import { parseFunctionName } from "./functionPolicy";
import type { FunctionConfiguration } from "./configuration";
import { startEnvironment } from "./environment";
import type { FunctionLog } from "./functionLog";
import { MB, NODE_BASE_MB, residentMemory } from "../../processes/memory";
import { createOrphanGuard, type OrphanGuard } from "../../processes/orphans";
import { functionFolder, packageCode, removeOldCode, type CodePackage } from "./packageCode";
import { createPool, type Pool, type PoolLimits, type StartEnvironment } from "./pool";
import type { LambdaOptions } from "./lambda";
import type { Principal } from "../../iam/types";
import { environmentVariables } from "./variables";

/** A declared function with what runs it. */
export interface LambdaFunction {
    readonly configuration: FunctionConfiguration;
    readonly code: CodePackage;
    readonly pool: Pool;
    readonly aliases: ReadonlySet<string>;
    /** RFC 3339 time of the latest change. */
    readonly lastModified: string;
}

export interface Functions {
    /** Creates a function or changes it to match; its environments end when it changed. */
    apply(configuration: FunctionConfiguration): Promise<void>;
    addAlias(functionName: string, alias: string): void;
    /** Finds a function by name, partial ARN or ARN, and the ARN that was meant; without a function when there is none. */
    resolve(nameOrArn: string): { fn?: LambdaFunction; arn: string };
    list(): LambdaFunction[];
    close(): Promise<void>;
}

export interface FunctionsArgs extends Omit<LambdaOptions, "limits" | "retryDelaysMs" | "authorizer" | "logs"> {
    readonly limits: PoolLimits;
    readonly openLog: (configuration: FunctionConfiguration, principal: Principal) => FunctionLog;
}

/** Looked at this often, in milliseconds: the memory of processes that work, and how long others have not. */
const WATCH_MS = 100;
const SWEEP_MS = 1_000;

/** How long credentials of environments are valid, in seconds. */
const CREDENTIALS_SECONDS = 3600;

export function createFunctions(args: FunctionsArgs): Functions {
    const functions = new Map<string, LambdaFunction & { aliases: Set<string>; pool: Pool }>();
    const orphans = createOrphanGuard();
    const sweeper = setInterval(() => functions.forEach(({ pool }) => pool.sweep(performance.now())), SWEEP_MS).unref();
    const watcher = setInterval(watch, WATCH_MS).unref();

    return {
        async apply(configuration) {
            const code = await packageCode(args.dataDir, configuration.name, configuration.code);
            const before = functions.get(configuration.name);
            if (before !== undefined && JSON.stringify(before.configuration) === JSON.stringify(configuration)) {
                return;
            }
            const start = starter(args, configuration, code, orphans, watch);
            const { reservedConcurrency } = configuration;
            if (before === undefined) {
                removeOldCode(args.dataDir, configuration.name, code);
            } else {
                before.pool.replace(start, reservedConcurrency);
            }
            functions.set(configuration.name, {
                configuration,
                code,
                pool: before?.pool ?? createPool(start, reservedConcurrency, args.limits),
                aliases: before?.aliases ?? new Set(),
                lastModified: new Date().toISOString().replace("Z", "+0000"),
            });
        },
        addAlias(functionName, alias) {
            const fn = functions.get(functionName);
            if (fn === undefined) {
                throw new Error(`Alias ${alias}: there is no function ${functionName}`);
            }
            fn.aliases.add(alias);
        },
        resolve(nameOrArn) {
            const { name, qualifier } = parseFunctionName(nameOrArn);
            const unqualified = `arn:aws:lambda:${args.region}:${args.account}:function:${name}`;
            const arn = qualifier === undefined ? unqualified : `${unqualified}:${qualifier}`;
            const fn = functions.get(name);
            const known = qualifier === undefined || qualifier === "$LATEST" || fn?.aliases.has(qualifier);
            const here = !nameOrArn.startsWith("arn:") || nameOrArn === arn;
            return { arn: here ? arn : nameOrArn, ...(fn && known && here ? { fn } : {}) };
        },
        list: () => [...functions.values()],
        async close() {
            clearInterval(sweeper);
            clearInterval(watcher);
            await Promise.all([...functions.values()].map(({ pool }) => pool.close()));
            await orphans.close();
        },
    };

    function watch(): void {
        watchMemory().catch((error: Error) => {
            clearInterval(watcher);
            args.print(`The memory of functions is not limited: ${error.message}`);
        });
    }

    async function watchMemory(): Promise<void> {
        const watched = [...functions.values()].flatMap(({ configuration, pool }) =>
            [...pool.environments()]
                .filter(({ state, pid }) => pid !== undefined && (state === "busy" || state === "starting"))
                .map((environment) => ({ environment, limit: (configuration.memoryMb + NODE_BASE_MB) * MB })),
        );
        if (watched.length > 0) {
            const memory = await residentMemory(watched.map(({ environment }) => environment.pid!));
            for (const { environment, limit } of watched) {
                environment.sawMemory(memory.get(environment.pid!) ?? 0, limit);
            }
        }
    }
}

/** What starts an environment of a function as it is configured now. */
function starter(
    args: FunctionsArgs,
    configuration: FunctionConfiguration,
    code: CodePackage,
    orphans: OrphanGuard,
    loaded: () => void,
): StartEnvironment {
    const principal: Principal = { type: "role", roleArn: configuration.role, sessionName: configuration.name };
    return (events) => {
        const credentials = args.credentials.issue(principal, { durationSeconds: CREDENTIALS_SECONDS });
        const log = args.openLog(configuration, principal);
        return startEnvironment(
            {
                configuration,
                taskRoot: code.taskRoot,
                folder: functionFolder(args.dataDir, configuration.name),
                log,
                orphans,
                expiration: credentials.expiration,
                variables: (place) =>
                    environmentVariables({
                        configuration,
                        taskRoot: code.taskRoot,
                        region: args.region,
                        logStream: log.stream,
                        endpoint: args.endpoint(),
                        credentials,
                        localise: args.localise,
                        added: args.addedVariables?.() ?? {},
                        ...place,
                    }),
            },
            { ...events, loaded },
        );
    };
}
