import type { RoleRecord } from "./roles";
import type { Identity, Question } from "./question";
import type { AccessRequest } from "./types";

/** What the global condition keys are found out from. */
export interface Circumstances {
    readonly request: AccessRequest;
    readonly identity: Identity;
    /** The principal's role, if it has one. */
    readonly role: RoleRecord | undefined;
    /** The account that owns the resources. */
    readonly account: string;
    readonly region: string;
}

/**
 * Makes a question of an access request: its own condition keys first, then AWS's global ones, found out only when a
 * statement asks for them.
 */
export function createQuestion(circumstances: Circumstances): Question {
    const { action, resource, context } = circumstances.request;
    return {
        identity: circumstances.identity,
        action: action.toLowerCase(),
        resource,
        value(key) {
            const value = (context && find(context, key)) ?? globalValue(key, circumstances);
            return Array.isArray(value) && value.length === 0 ? undefined : value;
        },
    };
}

function find<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
    for (const name of Object.keys(values)) {
        if (name.length === key.length && name.toLowerCase() === key) {
            return values[name];
        }
    }
    return undefined;
}

/** IAM User Guide, "AWS global condition context keys". */
function globalValue(key: string, { request, identity, role, account, region }: Circumstances): string | undefined {
    switch (key) {
        case "aws:principalarn":
            return identity.arns[0];
        case "aws:principalaccount":
            return identity.account;
        case "aws:principaltype":
            return PRINCIPAL_TYPES[identity.type];
        case "aws:principalisawsservice":
            return String(identity.type === "service");
        case "aws:principalservicename":
            return identity.service;
        case "aws:userid":
            return request.principal.type === "role"
                ? `${role?.id}:${request.principal.sessionName}`
                : identity.account;
        case "aws:username":
            return identity.type === "admin" ? /:user\/(?:.*\/)?([^/]+)$/.exec(identity.name)?.[1] : undefined;
        case "aws:securetransport":
            return "true";
        case "aws:sourceip":
            return identity.type === "service" ? undefined : "127.0.0.1";
        case "aws:currenttime":
            return new Date().toISOString();
        case "aws:epochtime":
            return String(Math.floor(Date.now() / 1000));
        case "aws:requestedregion":
            return region;
        case "aws:resourceaccount":
            return account;
        default:
            return key.startsWith(TAG) && role ? find(role.tags, key.slice(TAG.length)) : undefined;
    }
}

const TAG = "aws:principaltag/";

const PRINCIPAL_TYPES = { role: "AssumedRole", admin: "User", service: undefined, anonymous: "Anonymous" };
