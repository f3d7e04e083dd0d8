import type { Authorizer, Principal } from "../../iam/types";
import type { KeyService } from "../kms/types";
import type { MoveTasks } from "./moveTasks";
import type { Queue } from "./queue/queue";

/** What all operations share. */
export interface SqsEnvironment {
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly keys: KeyService;
    /** Where SQS is reached, e.g. `http://127.0.0.1:4566`. */
    readonly endpoint: () => string;
    /** Milliseconds since 1970. */
    readonly now: () => number;
    /** The queues that are served, by name. */
    readonly queues: () => ReadonlyMap<string, Queue>;
    /** The queue of an ARN, if it is served. */
    readonly find: (arn: string) => Queue | undefined;
    readonly senderId: (principal: Principal) => string;
    readonly moveTasks: MoveTasks;
}

/** Who asks, and what for. */
export interface Caller {
    readonly environment: SqsEnvironment;
    readonly principal: Principal;
    readonly requestId: string;
}

/** A call to one operation. */
export interface SqsRequest extends Caller {
    /** The request's JSON object. */
    readonly input: Readonly<Record<string, unknown>>;
    /** Aborted when the caller has gone. */
    readonly signal: AbortSignal;
}
