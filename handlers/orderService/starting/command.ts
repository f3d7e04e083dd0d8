import type { OrderKey } from "../table/orderTable";

/** What a container is to do: to process an order, as it stands in the table. */
export interface Command extends OrderKey {
    /** Number of the command; a container that comes with another one changes nothing. */
    readonly command: number;
    /** Number of the start. */
    readonly attempt: number;
    /** Id of the request that gave the command. */
    readonly requestId: string;
}

/** Brings commands to a container. */
export interface Starter {
    /** @throws When the command could not be handed over; its message is for the log. */
    start(command: Command): Promise<void>;
}

/** Variables of a container that has one command, by what they hold. */
export const COMMAND_VARIABLES = {
    client: "CLIENT_ID",
    orderId: "ORDER_ID",
    command: "COMMAND",
    attempt: "ATTEMPT",
    requestId: "REQUEST_ID",
} as const satisfies Record<keyof Command, string>;

/** A command as a container's variables. */
export function toVariables(command: Command): Record<string, string> {
    return Object.fromEntries(
        Object.entries(COMMAND_VARIABLES).map(([member, name]) => [name, String(command[member as keyof Command])]),
    );
}

/** The command in variables; `undefined` where there is none. */
export function fromVariables(variables: Readonly<Record<string, string | undefined>>): Command | undefined {
    const text = (member: keyof Command) => variables[COMMAND_VARIABLES[member]] ?? "";
    const command = {
        client: text("client"),
        orderId: text("orderId"),
        command: Number(text("command")),
        attempt: Number(text("attempt")),
        requestId: text("requestId"),
    };
    return Object.values(command).every(Boolean) ? command : undefined;
}
