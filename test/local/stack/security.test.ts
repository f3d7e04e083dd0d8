import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import { presign, signedFetch, type Keys } from "../../support/sign";
import { send, startStack, type Stack } from "./support/stack";

describe("the local run, to those who may less than all", () => {
    let stack: Stack;
    before(async () => {
        stack = await startStack();
    });
    after(() => stack.end());

    const ROLE = "arn:aws:iam::111111111111:role/quartet-dev-events-ingest";
    const sts = async (action: string, parameters: Record<string, string>, keys: Keys = stack.adminCredentials) => {
        const body = new URLSearchParams({ Action: action, Version: "2011-06-15", ...parameters }).toString();
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const request = { method: "POST", url: `${stack.adminCredentials.endpoint}/`, headers, body };
        const response = await signedFetch(request, { keys, service: "sts", region: "eu-west-1" });
        return { status: response.status, xml: await response.text() };
    };
    const element = (xml: string, name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)![1];
    const roleKeys = async () => {
        const { xml } = await sts("AssumeRole", { RoleArn: ROLE, RoleSessionName: "test" });
        return {
            accessKeyId: element(xml, "AccessKeyId"),
            secretAccessKey: element(xml, "SecretAccessKey"),
            sessionToken: element(xml, "SessionToken"),
        };
    };
    const put = (Key: string) => new s3.PutObjectCommand({ Bucket: stack.eventBucket, Key, Body: "x" });

    it("gives the administrator a session of a role, which may do what the role may and nothing else", async () => {
        const client = stack.s3(await roleKeys());
        const Bucket = stack.eventBucket;

        await client.send(put("events/by-role"));
        for (const command of [
            put("elsewhere"),
            new s3.GetObjectCommand({ Bucket, Key: "events/by-role" }),
            new s3.ListObjectsV2Command({ Bucket }),
            new s3.DeleteObjectCommand({ Bucket, Key: "events/by-role" }),
            new s3.ListBucketsCommand({}),
        ]) {
            await assert.rejects(
                client.send(command as s3.GetObjectCommand),
                { name: "AccessDenied" },
                command.constructor.name,
            );
        }
        client.destroy();
    });

    it("tells callers who they are, and lets a function's role assume no role", async () => {
        const keys = await roleKeys();

        assert.equal(
            element((await sts("GetCallerIdentity", {})).xml, "Arn"),
            "arn:aws:iam::111111111111:user/local-admin",
        );
        assert.match(
            element((await sts("GetCallerIdentity", {}, keys)).xml, "Arn"),
            /:assumed-role\/quartet-dev-events-ingest\/test$/,
        );
        const assumed = await sts("AssumeRole", { RoleArn: ROLE, RoleSessionName: "again" }, keys);
        assert.deepEqual([assumed.status, element(assumed.xml, "Code")], [403, "AccessDenied"]);
    });

    it("refuses a wrong secret, an unknown key, and a session without its token or with another", async () => {
        const keys = await roleKeys();
        const { accessKeyId, secretAccessKey } = stack.adminCredentials;
        const attempts: [Keys, string][] = [
            [{ accessKeyId, secretAccessKey: "wrong".repeat(8) }, "SignatureDoesNotMatch"],
            [{ accessKeyId: "AKIAUNKNOWN000000000", secretAccessKey }, "InvalidAccessKeyId"],
            [{ ...keys, sessionToken: undefined }, "InvalidAccessKeyId"],
            [{ ...keys, sessionToken: `${keys.sessionToken}x` }, "InvalidToken"],
        ];

        for (const [credentials, name] of attempts) {
            const client = stack.s3(credentials);
            await assert.rejects(client.send(put("events/x")), (error: Error) => {
                assert.ok([name, "InvalidToken"].includes(error.name), `${error.name} instead of ${name}`);
                return true;
            });
            client.destroy();
        }
    });

    it("serves a presigned URL, and refuses it when it is changed or its time is over", async () => {
        const admin = stack.s3();
        await admin.send(put("events/presigned"));
        admin.destroy();
        const url = `${stack.adminCredentials.endpoint}/${stack.eventBucket}/events/presigned`;
        const options = { keys: stack.adminCredentials, service: "s3", region: "eu-west-1", expires: 60 };
        const signed = presign({ url }, options);
        const old = presign({ url }, { ...options, date: new Date(Date.now() - 120_000) });

        assert.equal((await send(signed)).text, "x");
        assert.equal((await send(signed.replace("presigned", "by-role"))).status, 403);
        const expired = await send(old);
        assert.deepEqual([expired.status, /Request has expired/.test(expired.text)], [403, true]);
    });

    it("shows nothing to anonymous callers", async () => {
        const { endpoint } = stack.adminCredentials;

        for (const target of ["/", `/${stack.eventBucket}`, `/${stack.eventBucket}/events/presigned`]) {
            assert.equal((await send(endpoint + target)).status, 403, target);
        }
    });

    it("invokes a function for who may, and for no function's role", async () => {
        const invoke = async (keys: Keys) => {
            const url = `${stack.adminCredentials.endpoint}/2015-03-31/functions/quartet-dev-challenge-answer/invocations`;
            return signedFetch({ method: "POST", url, body: "{}" }, { keys, service: "lambda", region: "eu-west-1" });
        };

        assert.equal((await invoke(stack.adminCredentials)).status, 200);
        assert.equal((await invoke(await roleKeys())).status, 403);
    });

    it("answers for a service that it does not have with 501 and its name", async () => {
        const request = { method: "POST", url: `${stack.adminCredentials.endpoint}/`, body: "{}" };

        const response = await signedFetch(request, {
            keys: stack.adminCredentials,
            service: "kinesis",
            region: "eu-west-1",
        });

        assert.equal(response.status, 501);
        assert.match(await response.text(), /kinesis/);
    });

    it("shows its console on 127.0.0.1 by that name only, without secrets", async () => {
        const { endpoint } = stack.adminCredentials;

        const page = await send(`${endpoint}/_console`);

        assert.equal(page.status, 200);
        assert.match(page.text, /quartet-dev-events-ingest/);
        for (const secret of [stack.challengeApiKey, stack.localToken, stack.adminCredentials.secretAccessKey]) {
            assert.ok(!page.text.includes(secret));
        }
    });

    it("writes no token, key or secret into anything but the files that hold them for their owner", async () => {
        await stack.post('{"a":1}');
        await send(`${stack.challengeApiUrl}/hello?name=A`, { headers: { "x-api-key": stack.challengeApiKey } });
        const secrets = [stack.localToken, stack.challengeApiKey, stack.adminCredentials.secretAccessKey];
        const stateFolder = stack.stateFolder;

        await stack.end(true);

        const holders = filesBelow(stateFolder).filter((file) =>
            secrets.some((secret) => fs.readFileSync(file).includes(secret)),
        );
        assert.deepEqual(holders.map((file) => path.relative(stateFolder, file)).sort(), [
            "dev/secrets.json",
            "outputs.json",
        ]);
        for (const file of holders) {
            assert.equal(fs.statSync(file).mode & 0o077, 0, `${file} is its owner's alone`);
        }
        stack = await startStack({ stateFolder });
    });
});

function filesBelow(folder: string): string[] {
    return fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
}
