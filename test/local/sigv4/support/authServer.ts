import * as crypto from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { isAwsError } from "../../../../local/errors";
import { authenticate } from "../../../../local/gateway/authenticate";
import { createCredentials, type IssuedCredentials } from "../../../../local/gateway/credentials";
import type { AwsCall } from "../../../../local/gateway/types";
import { claimedService, readHeaders } from "../../../../local/sigv4/signature";

export const role = { type: "role", roleArn: "arn:aws:iam::000000000000:role/writer", sessionName: "s1" } as const;
export const admin = { type: "admin", arn: "arn:aws:iam::000000000000:user/local-admin" } as const;
export const adminKeys = { accessKeyId: "AKIAADMIN", secretAccessKey: "admin/secret" };

export interface AuthServer {
    readonly url: string;
    /** Of a session of {@link role}. */
    readonly keys: IssuedCredentials;
    /** The latest call that was let in, and the payload that arrived. */
    last(): { readonly call: AwsCall; readonly body: Buffer };
    /** Lets the server's clock stand still. */
    setClock(now: number | undefined): void;
    close(): Promise<void>;
}

/** A server that authenticates, reads the payload, and answers as S3 or SQS would. */
export async function startAuthServer(): Promise<AuthServer> {
    const credentials = createCredentials();
    credentials.addLongTerm(admin, adminKeys);
    const keys = credentials.issue(role, { durationSeconds: 3600 });
    let last: { call: AwsCall; body: Buffer } | undefined;
    let clock: number | undefined;
    const serve = async (request: http.IncomingMessage, response: http.ServerResponse) => {
        const claimed = claimedService({
            method: "",
            url: request.url ?? "",
            headers: readHeaders(request.rawHeaders),
        });
        try {
            const call = await authenticate(request, credentials, {
                requestId: "r1",
                ...(clock === undefined ? {} : { now: clock }),
            });
            const body = Buffer.concat(await Array.fromAsync(call.body as AsyncIterable<Buffer>));
            last = { call, body };
            answer(call, body, response);
        } catch (error) {
            const { code, status, message } = isAwsError(error)
                ? error
                : { code: "Fault", status: 500, message: String(error) };
            response.writeHead(status, { "x-amzn-errortype": code });
            response.end(
                claimed === "s3"
                    ? `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
                    : JSON.stringify({ __type: `com.amazonaws#${code}`, message }),
            );
        }
    };
    const server = http.createServer((request, response) => void serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        keys,
        last() {
            if (!last) {
                throw new Error("no call was let in");
            }
            return last;
        },
        setClock(now) {
            clock = now;
        },
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

function answer(call: AwsCall, body: Buffer, response: http.ServerResponse): void {
    if (call.service !== "sqs") {
        response.end();
        return;
    }
    const { MessageBody } = JSON.parse(body.toString()) as { MessageBody: string };
    const md5 = crypto.createHash("md5").update(MessageBody).digest("hex");
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ MessageId: "m1", MD5OfMessageBody: md5 }));
}
