import { awsError } from "../../errors";
import type { CredentialStore } from "../../gateway/credentials";
import type { AwsCall } from "../../gateway/types";
import { identify } from "../../iam/principals";
import type { RoleStore } from "../../iam/roles";
import type { Authorizer, Principal } from "../../iam/types";
import { element } from "./xml";

export interface AssumeRoleServices {
    readonly credentials: CredentialStore;
    readonly roles: RoleStore;
    readonly authorizer: Authorizer;
}

/** Issues credentials of a role when its trust policy lets the caller assume it; returns the XML of the result. */
export function assumeRole(
    parameters: URLSearchParams,
    call: AwsCall,
    { credentials, roles, authorizer }: AssumeRoleServices,
): string {
    refuseUnserved(parameters);
    const roleArn = parameters.get("RoleArn") ?? "";
    const sessionName = parameters.get("RoleSessionName") ?? "";
    if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
        throw invalid("RoleSessionName must have 2 to 64 characters of the set [\\w+=,.@-]");
    }
    const role = roles.find(roleArn);
    const externalId = parameters.get("ExternalId");
    if (!role) {
        throw awsError(
            "AccessDenied",
            403,
            `User: ${identify(call.principal).name} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        );
    }
    authorizer.authorize(
        {
            principal: call.principal,
            action: "sts:AssumeRole",
            resource: roleArn,
            resourcePolicy: role.trust.policy,
            combine: "resource",
            context: {
                "sts:RoleSessionName": sessionName,
                ...(externalId === null ? {} : { "sts:ExternalId": externalId }),
            },
        },
        call.requestId,
    );
    const durationSeconds = readDuration(parameters.get("DurationSeconds"), call.principal, role.maxSessionDuration);
    const principal: Principal = { type: "role", roleArn, sessionName };
    const issued = credentials.issue(principal, { durationSeconds });
    const keys = [
        element("AccessKeyId", issued.accessKeyId),
        element("SecretAccessKey", issued.secretAccessKey),
        element("SessionToken", issued.sessionToken),
        element("Expiration", issued.expiration.toISOString().replace(/\.\d+/, "")),
    ];
    const user = element("AssumedRoleId", `${role.id}:${sessionName}`) + element("Arn", identify(principal).name);
    return `<Credentials>${keys.join("")}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>`;
}

/** Parameters that would narrow or tag the session: leaving them out of account would allow too much. */
function refuseUnserved(parameters: URLSearchParams): void {
    const unserved = [...parameters.keys()].find((name) =>
        /^(Policy|PolicyArns|Tags|TransitiveTagKeys|SerialNumber|SourceIdentity)\b/.test(name),
    );
    if (unserved !== undefined) {
        throw awsError("NotImplemented", 501, `The local run does not serve AssumeRole with ${unserved}.`);
    }
}

/** In seconds: the shortest session, the default, and the longest that a role may give itself. */
const [SHORTEST, DEFAULT, CHAINED] = [900, 3600, 3600];

function readDuration(text: string | null, caller: Principal, longest: number): number {
    if (text === null) {
        return Math.min(DEFAULT, longest);
    }
    const duration = Number(text);
    if (!Number.isInteger(duration) || duration < SHORTEST) {
        throw invalid(`DurationSeconds must be a whole number of at least ${SHORTEST}`);
    }
    if (duration > longest) {
        throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    if (caller.type === "role" && duration > CHAINED) {
        throw invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        );
    }
    return duration;
}

function invalid(message: string): Error {
    return awsError("ValidationError", 400, message);
}
