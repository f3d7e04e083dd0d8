import type { RoleStore } from "../../iam/roles";
import type { Authorizer, Principal } from "../../iam/types";
import type { Input } from "./input";
import type { Registry } from "./registry";
import type { Scheduler } from "./scheduler";
import type { StartedTasks } from "./startedTasks";
import type { Tasks } from "./tasks";

/** What operations work on. */
export interface EcsEnvironment {
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly roles: Pick<RoleStore, "find">;
    readonly registry: Registry;
    readonly tasks: Tasks;
    readonly scheduler: Scheduler;
    /** By client token. */
    readonly started: StartedTasks;
}

/** A call of one operation. */
export interface EcsRequest {
    readonly environment: EcsEnvironment;
    readonly principal: Principal;
    readonly requestId: string;
    readonly input: Input;
}

/** @returns The operation's output, as JSON. */
export type Operation = (request: EcsRequest) => object;
