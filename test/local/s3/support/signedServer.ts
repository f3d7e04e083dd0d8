import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { authenticate } from "../../../../local/gateway/authenticate";
import { createCredentials } from "../../../../local/gateway/credentials";
import { createGateway } from "../../../../local/gateway/server";
import { createAuthorizer } from "../../../../local/iam/authorizer";
import { createIam } from "../../../../local/services/iam/iam";
import { createKms } from "../../../../local/services/kms/kms";
import { createS3 } from "../../../../local/services/s3/s3";
import type { ObjectCreated } from "../../../../local/services/s3/types";
import type { PlannedResource } from "../../../../plan/types";
import { applyAll, bucket } from "../../../support/s3Server";
import { resource, trustOf } from "../../iam/support/resources";

/** S3 behind the gateway of the local run: signatures and policies count. */
export interface SignedServer {
    readonly url: string;
    /** Of a session of the role `uploader`. */
    readonly client: S3Client;
    /** May do everything. */
    readonly admin: S3Client;
    readonly created: ObjectCreated[];
    /** What the role may do from now on. */
    allow(statements: readonly object[]): Promise<void>;
    /** Files of blobs of a bucket. */
    blobs(bucket?: string): string[];
    close(): Promise<void>;
}

export const key = "arn:aws:kms:us-east-1:123456789012:key/one";
export const everything = { Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" };
export const adminKeys = { accessKeyId: "AKIAADMIN", secretAccessKey: "secret" };
const account = "123456789012";
const region = "us-east-1";
const roleArn = `arn:aws:iam::${account}:role/uploader`;

/** Starts it with these resources, by default the bucket `bucket`, and a role that may do everything. */
export async function startSignedS3(resources: readonly PlannedResource[] = [bucket("bucket")]): Promise<SignedServer> {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "signed-s3-"));
    const iam = createIam();
    const authorizer = createAuthorizer({ account, region, roles: iam, trace: () => {}, warn: () => {} });
    const keys = createKms({ account, region, authorizer });
    await keys.apply["aws:kms/key:Key"](resource("aws:kms/key:Key", {}, { arn: key, keyId: "one" }));
    await keys.ready?.();
    let url = "";
    const s3 = createS3({ dataDir, account, region, authorizer, keys, endpoint: () => url });
    await applyAll(s3, resources);
    const created: ObjectCreated[] = [];
    s3.onObjectCreated((event) => created.push(event));
    const credentials = createCredentials();
    credentials.addLongTerm({ type: "admin", arn: `arn:aws:iam::${account}:user/admin` }, adminKeys);
    const session = credentials.issue({ type: "role", roleArn, sessionName: "s" }, { durationSeconds: 3600 });
    const gateway = createGateway({
        apis: [s3],
        paths: {},
        authenticate: (request, requestId) => authenticate(request, credentials, { requestId }),
    });
    url = `http://127.0.0.1:${await gateway.listen(0)}`;
    const connect = (identity: object) =>
        new S3Client({ endpoint: url, region, credentials: identity as never, forcePathStyle: true, maxAttempts: 1 });
    const { expiration: _, ...sessionKeys } = session;
    const server: SignedServer = {
        url,
        client: connect(sessionKeys),
        admin: connect(adminKeys),
        created,
        async allow(statements) {
            const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
            const inputs = {
                name: "uploader",
                assumeRolePolicy: trustOf({ Service: "lambda.amazonaws.com" }),
                inlinePolicies: statements.length > 0 ? [{ name: "own", policy }] : [],
            };
            const outputs = { arn: roleArn, uniqueId: "AROA1" };
            await iam.apply["aws:iam/role:Role"](resource("aws:iam/role:Role", inputs, outputs));
            await iam.ready?.();
        },
        blobs: (name = "bucket") => fs.readdirSync(path.join(dataDir, "s3", name, "blobs")),
        async close() {
            server.client.destroy();
            server.admin.destroy();
            await gateway.close(0);
            await s3.close();
            fs.rmSync(dataDir, { recursive: true });
        },
    };
    await server.allow([everything]);
    return server;
}

/** In a process of its own: tells where it listens, and ends when it is told to. */
async function main(): Promise<void> {
    const server = await startSignedS3();
    process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
    const { accessKeyId, secretAccessKey, sessionToken } = await server.client.config.credentials();
    process.stdout.write(
        `${JSON.stringify({ url: server.url, keys: { accessKeyId, secretAccessKey, sessionToken } })}\n`,
    );
}

if (require.main === module) void main();
