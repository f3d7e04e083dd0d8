import * as checksum from "@smithy/core/checksum";
import * as signature from "@smithy/signature-v4";

/** A request to be signed, whose body is text. */
export interface UnsignedRequest {
    readonly method: "GET" | "POST";
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
}

/**
 * Makes the function that signs requests to one service with the function's own credentials (Signature Version 4). It answers the
 * headers to send.
 *
 * @param service Signing name, e.g. `execute-api`.
 */
export function requestSigner(service: string): (request: UnsignedRequest) => Promise<Record<string, string>> {
    const signer = signerFor(service);
    return async ({ method, url, headers, body }) => {
        const { protocol, hostname, host, pathname, searchParams } = new URL(url);
        const signed = await signer.sign({
            ...{ method, protocol, hostname, path: pathname, body },
            query: Object.fromEntries(searchParams),
            headers: { ...headers, host },
        });
        return signed.headers;
    };
}

/**
 * Makes the function that signs the password for a database of Aurora DSQL: a presigned URL without its scheme, good for a quarter of
 * an hour to open connections with.
 *
 * @param host Host name of the cluster's endpoint.
 * @param action `DbConnectAdmin` for the user `admin`, `DbConnect` for all others.
 */
export function databaseToken(host: string, action: "DbConnect" | "DbConnectAdmin"): () => Promise<string> {
    const signer = signerFor("dsql");
    return async () => {
        const { path, query } = await signer.presign(
            {
                ...{ method: "GET", protocol: "https:", hostname: host, path: "/" },
                query: { Action: action },
                headers: { host },
            },
            { expiresIn: 900 },
        );
        return `${host}${path}?${new URLSearchParams(query as Record<string, string>)}`;
    };
}

/** Lambda hands the role's credentials to each execution environment, which ends before they do. */
function signerFor(service: string) {
    const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN, AWS_REGION = "" } = process.env;
    return new signature.SignatureV4({
        service,
        region: AWS_REGION,
        sha256: checksum.Sha256,
        credentials: {
            accessKeyId: AWS_ACCESS_KEY_ID,
            secretAccessKey: AWS_SECRET_ACCESS_KEY,
            sessionToken: AWS_SESSION_TOKEN,
        },
    });
}
