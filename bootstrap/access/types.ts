import type { Statement } from "../../components/support/policy";
import type { Scope } from "../scope";

/** What one service takes to preview, and to deploy, one stack's resources of some types. */
export interface Access {
    /** Pulumi's types of the resources, e.g. `aws:sqs/queue:Queue`. */
    readonly types: readonly string[];
    /** What previews and refreshes read: settings, never the data. */
    readonly read: readonly Statement[];
    /** What makes, changes and deletes. */
    readonly change: readonly Statement[];
}

/** The access to a service, limited to one stack: by names where AWS lets us choose them, by tags where it makes ids. */
export type ServiceAccess = (scope: Scope) => Access;

/** A statement that allows something. */
export function allow(
    Action: string | readonly string[],
    Resource: string | readonly string[],
    Condition?: Statement["Condition"],
): Statement {
    return { Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
}
