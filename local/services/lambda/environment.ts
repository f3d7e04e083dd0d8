import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { FunctionConfiguration } from "./configuration";
import type { FunctionLog } from "./functionLog";
import { errorTypeOf, functionError, type PendingInvocation } from "./invocation";
import { MB } from "../../processes/memory";
import type { OrphanGuard } from "../../processes/orphans";
import { LARGEST_RESPONSE, serveRuntimeApi, type RuntimeApi, type RuntimeEvents } from "./runtimeApi";
import { startRuntimeProcess } from "./runtimeProcess";
import type { InvocationResult } from "./types";

/** An execution environment: a process that runs one invocation at a time. */
export interface Environment {
    readonly state: "starting" | "idle" | "busy" | "ended";
    /** `performance.now()` since when it is idle. */
    readonly idleSince: number;
    readonly pid: number | undefined;
    /** True when its credentials could expire during another invocation. */
    expiresSoon(): boolean;
    /** Only when idle. */
    run(invocation: PendingInvocation): void;
    /** Ends it, after its present invocation. */
    retire(): void;
    /** Ends it now, by SIGTERM, and by SIGKILL one second later. */
    end(): void;
    /** Takes note of its resident memory, and kills it when that is over the limit. */
    sawMemory(bytes: number, limit: number): void;
}

/** What a pool wants to know of its environments. */
export interface EnvironmentEvents {
    /** It will become idle for the first time. */
    loaded(): void;
    idle(environment: Environment): void;
    /** @param failure The function error of an environment that ended before its first `next`. */
    ended(environment: Environment, failure: InvocationResult | undefined): void;
}

export interface EnvironmentArgs {
    readonly configuration: FunctionConfiguration;
    readonly taskRoot: string;
    /** Folder for the environment's own folder of temporary files. */
    readonly folder: string;
    readonly log: FunctionLog;
    readonly expiration: Date;
    readonly orphans: Pick<OrphanGuard, "watch" | "forget">;
    /** The process's whole environment. */
    readonly variables: (place: { runtimeApi: string; temporary: string }) => Record<string, string>;
}

/** Time that Lambda gives a function to load, in milliseconds. Source: Lambda Developer Guide, "Lambda execution environment". */
const INIT_MS = 10_000;

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const GRACE_MS = 1_000;

/** Starts an environment. It tells when it is ready by {@link EnvironmentEvents.idle}. */
export function startEnvironment(args: EnvironmentArgs, events: EnvironmentEvents): Environment {
    const { configuration, log } = args;
    const temporary = path.join(args.folder, `tmp-${log.stream.slice(-32)}`);
    const startedAt = performance.now();
    let state: Environment["state"] = "starting";
    let idleSince = startedAt;
    let child: ChildProcess | undefined;
    let api: RuntimeApi | undefined;
    let current: PendingInvocation | undefined;
    let begunAt = 0;
    let timer: NodeJS.Timeout | undefined = setTimeout(
        () => fail("Sandbox.Timedout", `Init timed out after ${INIT_MS / 1000} seconds`),
        INIT_MS,
    );
    let initMs: number | undefined;
    let initFailure: InvocationResult | undefined;
    let maxMemory = 0;
    let retiring = false;
    let killTimer: NodeJS.Timeout | undefined;

    const environment: Environment = {
        get state() {
            return state;
        },
        get idleSince() {
            return idleSince;
        },
        get pid() {
            return child?.pid;
        },
        expiresSoon: () =>
            args.expiration.getTime() - Date.now() < configuration.timeoutSeconds * 1000 + CREDENTIALS_MARGIN_MS,
        run(invocation) {
            state = "busy";
            current = invocation;
            begunAt = performance.now();
            const limitMs = configuration.timeoutSeconds * 1000;
            timer = setTimeout(timeOut, limitMs);
            log.start(invocation);
            api!.deliver(invocation, Date.now() + limitMs);
        },
        retire() {
            retiring = true;
            if (state !== "busy") {
                environment.end();
            }
        },
        end() {
            if (state !== "ended" && killTimer === undefined) {
                killTimer = setTimeout(() => child?.kill("SIGKILL"), GRACE_MS);
                child?.kill("SIGTERM");
            }
        },
        sawMemory(bytes, limit) {
            maxMemory = Math.max(maxMemory, bytes);
            if (bytes > limit) {
                child?.kill("SIGKILL");
            }
        },
    };

    const runtimeEvents: RuntimeEvents = {
        isCurrent: (requestId) => requestId === current?.requestId,
        mayAsk: () => current === undefined && state !== "ended",
        next() {
            if (state === "starting") {
                initMs = performance.now() - startedAt;
                clearTimeout(timer);
                events.loaded();
            }
            state = "idle";
            idleSince = performance.now();
            if (retiring) {
                environment.end();
            } else {
                events.idle(environment);
            }
        },
        response(_requestId, body) {
            if (body === undefined) {
                const limit = `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE} bytes).`;
                finish(functionError("Function.ResponseSizeTooLarge", limit), "error");
            } else {
                finish({ payload: body }, "success");
            }
        },
        error: (_requestId, body) => finish({ payload: body, functionError: "Unhandled" }, "error"),
        initError: (body) => (initFailure = { payload: body, functionError: "Unhandled" }),
    };

    serveRuntimeApi(runtimeEvents)
        .then((served) => {
            api = served;
            if (killTimer !== undefined) {
                exited("Runtime exited without providing a reason");
                return;
            }
            fs.mkdirSync(temporary, { recursive: true });
            const variables = args.variables({ runtimeApi: served.address, temporary });
            child = startRuntimeProcess({ ...args, memoryMb: configuration.memoryMb, variables }, exited);
        })
        .catch((error: Error) => exited(`Runtime failed to start: ${error.message}`));

    return environment;

    function timeOut(): void {
        const text = `Task timed out after ${configuration.timeoutSeconds.toFixed(2)} seconds`;
        log.note(current!, text);
        finish(
            functionError("Sandbox.Timedout", `RequestId: ${current!.requestId} Error: ${text}`),
            "timeout",
            "Sandbox.Timedout",
        );
        child?.kill("SIGKILL");
    }

    function fail(errorType: string, message: string): void {
        initFailure = functionError(errorType, message);
        child?.kill("SIGKILL");
    }

    function finish(
        result: InvocationResult,
        status: "success" | "error" | "timeout" | "failure",
        errorType?: string,
    ): void {
        const invocation = current!;
        current = undefined;
        clearTimeout(timer);
        log.report(invocation, {
            status,
            durationMs: performance.now() - begunAt,
            maxMemoryMb: Math.round(maxMemory / MB),
            initMs,
            errorType: status === "error" ? errorTypeOf(result.payload) : errorType,
        });
        initMs = undefined;
        if (invocation.tail === undefined) {
            invocation.settle(result);
        } else {
            void log.settled().then(() => invocation.settle(result));
        }
    }

    function exited(reason: string): void {
        if (state === "ended") {
            return;
        }
        const failure =
            state === "starting" && killTimer === undefined
                ? (initFailure ?? functionError("Runtime.ExitError", `Error: ${reason}`))
                : undefined;
        state = "ended";
        clearTimeout(timer);
        clearTimeout(killTimer);
        if (current !== undefined) {
            const text = `RequestId: ${current.requestId} Error: ${reason}`;
            log.note(current, reason);
            finish(functionError("Runtime.ExitError", text), "failure", "Runtime.ExitError");
        }
        api?.close();
        fs.rm(temporary, { recursive: true, force: true }, () => events.ended(environment, failure));
    }
}

/** Added to a function's time-out, so that credentials last for what is done with them, in milliseconds. */
const CREDENTIALS_MARGIN_MS = 60_000;
