import * as checksum from "@smithy/core/checksum";
import * as signature from "@smithy/signature-v4";
import { REGION, roleArn, START, type Reply, type TestApi } from "./api";

/** Long enough for the tests' clock, which does not go with the machine's. */
export const YEARS = 20 * 365 * 86_400;

export interface SignedRequest {
    /** Path behind the stage. */
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
    /** @default "GET" */
    readonly method?: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** @default "execute-api" */
    readonly service?: string;
    /** @default REGION */
    readonly region?: string;
    /** Whether `x-amz-content-sha256` is sent. @default true */
    readonly applyChecksum?: boolean;
    /** @default START */
    readonly date?: Date;
    readonly keys: Keys;
}

export interface Keys {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
}

/** Keys of a session `one` of a role. */
export function keysOf(api: TestApi, role: string, durationSeconds = YEARS): Keys & { sessionToken: string } {
    const principal = { type: "role", roleArn: roleArn(role), sessionName: "one" } as const;
    return api.credentials.issue(principal, { durationSeconds });
}

/** The headers of a request as AWS's own signer makes them. */
export async function signedHeaders(api: TestApi, request: SignedRequest): Promise<Record<string, string>> {
    const { headers } = await signerOf(request).sign(unsigned(api, request), { signingDate: request.date ?? START });
    return headers;
}

/** Signs by AWS's own signer and sends. */
export async function sendSigned(api: TestApi, request: SignedRequest): Promise<Reply> {
    const { method, body } = request;
    const headers = await signedHeaders(api, request);
    return api.send(target(request), { ...(method ? { method } : {}), headers, ...(body ? { body } : {}) });
}

/** What stands behind the stage of a URL that is good for a minute. */
export async function presignedTarget(api: TestApi, request: SignedRequest): Promise<string> {
    const options = { signingDate: request.date ?? START, expiresIn: 60 };
    const { query } = await signerOf(request).presign(unsigned(api, request), options);
    return target({ ...request, query: query as Record<string, string> });
}

function target({ path, query }: SignedRequest): string {
    return query ? `${path}?${new URLSearchParams(query).toString().replaceAll("+", "%20")}` : path;
}

function signerOf({ service = "execute-api", region = REGION, applyChecksum = true, keys }: SignedRequest) {
    return new signature.SignatureV4({ service, region, applyChecksum, sha256: checksum.Sha256, credentials: keys });
}

function unsigned(api: TestApi, { path, query = {}, method = "GET", body, headers = {} }: SignedRequest) {
    const { protocol, hostname, host, pathname } = new URL(api.url + path);
    return { method, protocol, hostname, path: pathname, query, body, headers: { ...headers, host } };
}
