import type * as http from "node:http";
import type { Readable } from "node:stream";
import { awsError, isAwsError } from "../../errors";
import type { CredentialStore } from "../../gateway/credentials";
import type { AwsApi, AwsCall } from "../../gateway/types";
import { identify } from "../../iam/principals";
import type { RoleStore } from "../../iam/roles";
import type { Authorizer, Principal } from "../../iam/types";
import { assumeRole } from "./assumeRole";
import { element, xmlError, xmlResult } from "./xml";

export interface StsOptions {
    readonly account: string;
    readonly credentials: CredentialStore;
    readonly roles: RoleStore;
    readonly authorizer: Authorizer;
}

/** STS by the query protocol: `GetCallerIdentity` and `AssumeRole`. Another action is refused by name with 501. */
export function createSts(options: StsOptions): AwsApi {
    return {
        signingName: "sts",
        async handle(call, response) {
            const parameters = await readParameters(call);
            const action = parameters.get("Action") ?? "";
            const result = answer(action, parameters, call, options);
            respond(response, 200, xmlResult(action, result, call.requestId), call.requestId);
        },
        writeError(error, { requestId }, response) {
            const known = isAwsError(error)
                ? error
                : awsError("InternalFailure", 500, "The request processing has failed.");
            respond(response, known.status, xmlError(known, requestId), requestId);
        },
    };
}

/** Longest request of the query protocol that is read, in bytes. */
const LONGEST = 131_072;

async function readParameters({ method, query, body }: AwsCall): Promise<URLSearchParams> {
    return method === "GET" ? query : new URLSearchParams(await readText(body));
}

async function readText(body: Readable): Promise<string> {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of body as AsyncIterable<Buffer>) {
        length += piece.length;
        if (length > LONGEST) {
            throw awsError("RequestEntityTooLarge", 413, `The request is longer than ${LONGEST} bytes.`);
        }
        pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
}

function answer(action: string, parameters: URLSearchParams, call: AwsCall, options: StsOptions): string {
    switch (action) {
        case "GetCallerIdentity":
            return callerIdentity(call.principal, options);
        case "AssumeRole":
            return assumeRole(parameters, call, options);
        default:
            throw awsError("NotImplemented", 501, `The local run does not serve the STS action ${action || "(none)"}.`);
    }
}

/** Needs no permission, as in AWS. */
function callerIdentity(principal: Principal, { account, roles }: StsOptions): string {
    const id =
        principal.type === "role"
            ? `${roles.find(principal.roleArn)?.id ?? "AROA"}:${principal.sessionName}`
            : `AIDA${account}`;
    return element("Arn", identify(principal).name) + element("UserId", id) + element("Account", account);
}

function respond(response: http.ServerResponse, status: number, body: string, requestId: string): void {
    response.writeHead(status, {
        "content-type": "text/xml",
        "x-amzn-requestid": requestId,
        "content-length": Buffer.byteLength(body),
    });
    response.end(body);
}
