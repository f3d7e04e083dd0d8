import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import { text } from "node:stream/consumers";
import { id, region, roleArn, startCluster, type TestCluster, type TokenParts } from "./support/cluster";

describe("Aurora DSQL of the local run lets in", () => {
    let cluster: TestCluster;
    before(async () => {
        cluster = await startCluster();
        await cluster.admin("CREATE ROLE writer WITH LOGIN");
        await cluster.admin(`AWS IAM GRANT writer TO '${roleArn("app")}'`);
        await cluster.admin(`AWS IAM GRANT writer TO '${roleArn("poor")}'`);
    });
    after(() => cluster.close());

    const userOf = async (user: string, token: Partial<TokenParts>) => {
        const client = await cluster.connect({ user, password: cluster.token(token) });
        const { rows } = await client.query("SELECT current_user::text AS name");
        await client.end();
        return rows[0].name;
    };
    const refused = { code: "28000", message: "unable to accept connection, access denied" };

    it("a role that is allowed to connect and mapped to the database role, by the cluster's name here and at AWS", async () => {
        const keys = cluster.keysOf("app");

        assert.equal(await userOf("writer", { keys, action: "DbConnect" }), "writer");
        const host = `${id}.dsql.${region}.on.aws`;
        assert.equal(await userOf("writer", { keys, action: "DbConnect", host }), "writer");
        assert.equal(await userOf("admin", {}), "admin");
    });

    it("no role that is not mapped, is not allowed, or is mapped no longer", async () => {
        const as = (role: string) => userOf("writer", { keys: cluster.keysOf(role), action: "DbConnect" });

        await assert.rejects(as("other"), { ...refused, hint: 'IAM authentication failed for user "writer"' });
        await assert.rejects(as("poor"), refused);
        await cluster.admin(`AWS IAM REVOKE writer FROM '${roleArn("app")}'`);
        await assert.rejects(as("app"), refused);
        await cluster.admin(`AWS IAM GRANT writer TO '${roleArn("app")}'`);
        assert.equal(await as("app"), "writer");
    });

    it("nobody as `admin` by the permission of other roles, and no other role by that of `admin`", async () => {
        const keys = cluster.keysOf("app");

        await assert.rejects(userOf("admin", { keys, action: "DbConnect" }), refused);
        await assert.rejects(userOf("admin", { keys, action: "DbConnectAdmin" }), refused);
        await assert.rejects(userOf("writer", { keys, action: "DbConnectAdmin" }), refused);
        await assert.rejects(userOf("postgres", { action: "DbConnect" }), refused);
    });

    it("nobody with a token that is tampered with, expired, another service's, another cluster's, or none", async () => {
        const as = (password: string) => cluster.connect({ user: "admin", password });
        const good = cluster.token();

        for (const [what, password] of Object.entries({
            tampered: good.replace("Action=DbConnectAdmin", "Action=DbConnectAdmin&x=1"),
            expired: cluster.token({ date: new Date(Date.now() - 61_000), expires: 60 }),
            "another service's": cluster.token({ service: "s3" }),
            "another cluster's": cluster.token({ host: `zyxwvutsrqponmlkjihgfedcba.dsql.${region}.on.aws` }),
            "another secret's": cluster.token({ keys: { accessKeyId: "AKIAADMIN", secretAccessKey: "guessed" } }),
            "without its session": cluster.token({ keys: { ...cluster.keysOf("app"), sessionToken: undefined } }),
            "no token": "password",
            empty: "",
        })) {
            await assert.rejects(
                as(password),
                (error: any) => error.code === "28000" || /SASL|password/.test(error.message),
                what,
            );
        }
    });

    it("nobody without TLS, and nobody who trusts others only", async () => {
        const as = { user: "admin", password: cluster.token() };

        await assert.rejects(cluster.connect({ ...as, ssl: false }), { code: "28000" });
        await assert.rejects(cluster.connect({ ...as, ssl: true }), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
        const ca = fs.readFileSync(cluster.dsql.caFile);
        const called = (servername: string) => cluster.connect({ ...as, ssl: { ca, servername } });
        await (await called(`${id}.dsql.${region}.on.aws`)).end();
        await assert.rejects(called("example.com"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    });

    it("nobody who says what can't be read, and goes on for the others", async () => {
        for (const bytes of [
            [0, 0, 0, 4],
            [0, 0, 0, 0],
            [0x7f, 0xff, 0xff, 0xff],
            [0x16, 3, 1, 2, 0, 1, 0, 1],
        ]) {
            const socket = net.connect(cluster.port, cluster.host);
            socket.write(Buffer.from(bytes));
            assert.match(await text(socket), /^E.*C08P01\0/s, bytes.join());
        }
        const early = net.connect(cluster.port, cluster.host);
        early.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f, 1]));
        assert.match(await text(early), /SSL is required/, "something before TLS, that would count as said within it");

        assert.equal(await userOf("admin", {}), "admin");
    });

    it("nobody to another database", async () => {
        await assert.rejects(cluster.connect({ user: "admin", password: cluster.token(), database: "template1" }), {
            code: "3D000",
        });
    });

    it("database roles to what they are granted only", async () => {
        await cluster.admin("CREATE SCHEMA one");
        await cluster.admin("CREATE TABLE one.t (a int PRIMARY KEY)");
        await cluster.admin("GRANT USAGE ON SCHEMA one TO writer");
        await cluster.admin("GRANT INSERT ON one.t TO writer");
        const password = cluster.token({ keys: cluster.keysOf("app"), action: "DbConnect" });
        const client = await cluster.connect({ user: "writer", password });

        await client.query("INSERT INTO one.t VALUES (1)");
        for (const statement of [
            "SELECT * FROM one.t",
            "CREATE TABLE public.mine (a int)",
            "CREATE SCHEMA mine",
            "SELECT * FROM sys.iam_roles",
            `AWS IAM GRANT writer TO '${roleArn("other")}'`,
            "CREATE ROLE friend WITH LOGIN",
        ]) {
            await assert.rejects(client.query(statement), { code: "42501" }, statement);
        }
        await client.end();
    });

    it("without telling anybody about tokens", () => {
        const told = [...cluster.printed, ...cluster.traced.map((entry) => JSON.stringify(entry))].join("\n");

        assert.match(told, /dsql:DbConnectAdmin/);
        assert.doesNotMatch(told, /X-Amz|Signature/i);
    });

    it("no superuser: `admin` can't become one, and reads no file", async () => {
        await assert.rejects(cluster.admin("ALTER ROLE admin SUPERUSER"), { code: "42501" });
        await assert.rejects(cluster.admin("SELECT pg_read_file('PG_VERSION')"), { code: "42501" });
        await assert.rejects(cluster.admin("SET ROLE postgres"), { code: "42501" });
    });
});
