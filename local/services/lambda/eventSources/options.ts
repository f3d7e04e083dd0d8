import type { QueueService } from "../../sqs/types";
import type { Lambda } from "../lambda";

/** What delivering messages takes. */
export interface EventSourceMappingsOptions {
    readonly queues: QueueService;
    readonly lambda: Pick<Lambda, "invokeUnasked" | "configurationOf" | "roleMay">;
    readonly region: string;
    /** Tells the user why nothing is delivered. */
    readonly print: (line: string) => void;
}
