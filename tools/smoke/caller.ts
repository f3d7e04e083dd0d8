import * as s3 from "@aws-sdk/client-s3";
import * as checksum from "@smithy/core/checksum";
import * as signature from "@smithy/signature-v4";
import { described } from "./expect";
import type { SecretMask } from "./mask";
import { once } from "./once";
import { send, type Reply, type Request } from "./send";

/** A principal of the account with keys of its own, who signs requests (Signature Version 4). */
export interface Caller {
    /** Whether it is a function's role, of which is known what it may do. */
    readonly isRole: boolean;
    /** Sends a signed request. @throws When there are no credentials, with the ways to some. */
    call(service: "execute-api" | "s3" | "sts", request: SignedRequest): Promise<Reply>;
    /** Asks STS for credentials of a role. */
    assume(roleArn: string): Promise<Reply>;
}

export type SignedRequest = Request & { readonly body?: string };

interface Keys {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
}

export interface CallerArgs {
    readonly region: string;
    /** URL of STS. */
    readonly sts: string;
    /** Keys of someone who may assume any role; absent for a deployed stack, where nobody may. */
    readonly admin?: Keys | undefined;
    /** ARN of the role to be where that is possible. */
    readonly roleArn: string;
    /** Is told of the keys that are used. */
    readonly secrets: SecretMask;
}

/** Locally a role of another system; on AWS who runs this, since there nobody but Lambda may take a role of the stack. */
export function callerOf({ region, sts, admin, roleArn, secrets }: CallerArgs): Caller {
    const assume = (keys: Keys, arn: string) => {
        const parameters = { Action: "AssumeRole", Version: "2011-06-15", RoleArn: arn, RoleSessionName: "smoke" };
        const body = new URLSearchParams(parameters).toString();
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        return signed("sts", { method: "POST", url: `${sts}/`, headers, body }, { keys, region });
    };
    const keys = once(async () => {
        const own = admin ? sessionOf(await assume(admin, roleArn), roleArn) : await ambientKeys(region);
        secrets.add(own.secretAccessKey, own.sessionToken);
        return own;
    });
    return {
        isRole: admin !== undefined,
        call: async (service, request) => signed(service, request, { keys: await keys(), region }),
        assume: async (arn) => assume(await keys(), arn),
    };
}

function sessionOf(reply: Reply, roleArn: string): Keys {
    const element = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(reply.text)?.[1];
    const [accessKeyId, secretAccessKey, sessionToken] = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(
        element,
    );
    if (reply.status !== 200 || !accessKeyId || !secretAccessKey || !sessionToken) {
        throw new Error(`The local run gave no session of ${roleArn}: it answered ${described(reply)}.`);
    }
    return { accessKeyId, secretAccessKey, sessionToken };
}

/** Credentials as every AWS tool finds them: environment, profile, single sign-on, the machine's role. */
async function ambientKeys(region: string): Promise<Keys> {
    const client = new s3.S3Client({ region });
    try {
        return await client.config.credentials();
    } catch (error) {
        throw new Error(
            "There are no AWS credentials to sign a forged request with: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            { cause: error },
        );
    } finally {
        client.destroy();
    }
}

async function signed(
    service: string,
    request: SignedRequest,
    { keys, region }: { readonly keys: Keys; readonly region: string },
): Promise<Reply> {
    const { method = "GET", url, headers = {}, body } = request;
    const { protocol, hostname, host, pathname, searchParams } = new URL(url);
    const signer = new signature.SignatureV4({
        ...{ service, region, credentials: keys, sha256: checksum.Sha256 },
        // S3 alone takes the path as it stands. Source: Create a signed AWS API request, IAM User Guide.
        uriEscapePath: service !== "s3",
    });
    const { headers: all } = await signer.sign({
        ...{ method, protocol, hostname, path: pathname, body },
        query: Object.fromEntries(searchParams),
        headers: { ...headers, host },
    });
    const { host: _, ...rest } = all;
    return send({ ...request, headers: rest });
}
