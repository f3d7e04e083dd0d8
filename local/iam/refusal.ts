import type { Verdict } from "./evaluate";
import type { Identity } from "./question";
import type { AccessRequest } from "./types";

/** The message of `AccessDenied`, as AWS words it. */
export function refusalMessage({ action, resource }: AccessRequest, identity: Identity, verdict: Verdict): string {
    // S3 alone puts the ARN in quotes.
    const shown = action.startsWith("s3:") ? `"${resource}"` : resource;
    const kind = KINDS[verdict.source];
    const reason =
        verdict.result === "explicitDeny"
            ? `with an explicit deny in ${kind === KINDS.identity ? "an" : "a"} ${kind}`
            : `because no ${kind} allows the ${action} action`;
    return `User: ${identity.name} is not authorized to perform: ${action} on resource: ${shown} ${reason}`;
}

/** What a developer has to know about a refusal, in one line: who, what, and the statement that is missing or denies. */
export function refusalLine(request: AccessRequest, identity: Identity, verdict: Verdict): string {
    const { action, resource } = request;
    const who = request.principal.type === "role" ? `role ${roleName(request.principal.roleArn)}` : identity.name;
    if (verdict.result === "explicitDeny") {
        return `AccessDenied: ${who}, ${action} on ${resource}: denied by ${verdict.by}`;
    }
    const principal = verdict.source === "resource" ? principalElement(identity) : {};
    const statement = JSON.stringify({ Effect: "Allow", ...principal, Action: action, Resource: resource });
    const where = verdict.by ?? (verdict.source === "resource" ? "the resource's policy" : `the policies of ${who}`);
    return `AccessDenied: ${who}, ${action} on ${resource}: missing in ${where}: ${statement}`;
}

const KINDS = {
    identity: "identity-based policy",
    resource: "resource-based policy",
    boundary: "permissions boundary",
};

function roleName(arn: string): string {
    return arn.slice(arn.lastIndexOf("/") + 1);
}

function principalElement({ service, arns }: Identity): { Principal: unknown } {
    return { Principal: service === undefined ? (arns.length > 0 ? { AWS: arns[0] } : "*") : { Service: service } };
}
