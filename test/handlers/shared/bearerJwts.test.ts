import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler } from "../../support/invoke";
import { jwt, startIssuer } from "./support/issuer";

const source = {
    module: "handlers/shared/authorizeJwts.ts",
    factory: "authorizeJwtsFactory",
    args: [[{ method: "POST", path: "/upload" }]],
};
const audience = "quartet";
const sha256 = (text: string) => crypto.createHash("sha256").update(text);

bothForms("the authorizer of JWTs", source, (start) => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>;
    let authorizer: RunningHandler;
    const startFor = (given: typeof issuer) =>
        start({
            CLIENTS: JSON.stringify({ web: [sha256("token-web").digest("hex")] }),
            ...{ ISSUER: given.url, AUDIENCE: audience, JWKS_URI: given.jwksUri },
            NODE_EXTRA_CA_CERTS: given.certificateFile,
        });
    before(async () => {
        issuer = await startIssuer();
        authorizer = await startFor(issuer);
    });
    after(() => issuer.close());

    const ask = (token: string, of = authorizer) =>
        of.invokeEvent({
            type: "REQUEST",
            methodArn: "arn:aws:execute-api:eu-central-1:123456789012:abc123/dev/POST/upload",
            headers: { Authorization: `Bearer ${token}` },
        });
    const now = () => Math.floor(Date.now() / 1000);
    const good = (from = issuer) => ({ iss: from.url, aud: audience, sub: "user-1", iat: now(), exp: now() + 300 });
    const header = { alg: "RS256", typ: "JWT", kid: "k1" };
    const isRefused = async (token: string, of = authorizer) => {
        const { result, error, writes } = await ask(token, of);
        assert.equal(result, undefined);
        assert.equal(error, "Unauthorized");
        assert.ok(!writes.join("").includes(token), "the token is logged");
    };

    it("lets the holder of a good token in to the guarded routes, as a client of its own", async () => {
        const { result } = await ask(jwt(header, good(), issuer.key.privateKey));

        assert.equal(result.principalId, `oidc-${sha256("user-1").digest("base64url").slice(0, 32)}`);
        assert.deepEqual(result.policyDocument.Statement, [
            {
                Effect: "Allow",
                Action: "execute-api:Invoke",
                Resource: ["arn:aws:execute-api:eu-central-1:123456789012:abc123/dev/POST/upload"],
            },
        ]);
    });

    it("lets clients in by their own tokens, too, as themselves", async () => {
        assert.equal((await ask("token-web")).result.principalId, "web");
    });

    it("never takes a subject for a configured client, and each subject for another", async () => {
        const subjects = ["web", "oidc-web", "WEB", "user-1", "user-2", "a/b ü", ""];
        const ids: string[] = [];
        for (const sub of subjects) {
            ids.push((await ask(jwt(header, { ...good(), sub }, issuer.key.privateKey))).result.principalId);
        }

        assert.equal(new Set(ids).size, subjects.length);
        for (const id of ids) {
            assert.match(id, /^oidc-[\w-]{32}$/);
        }
    });

    it("fetches the issuer's keys once", async () => {
        const before = issuer.fetches();

        await ask(jwt(header, good(), issuer.key.privateKey));
        await ask(jwt(header, { ...good(), sub: "user-2" }, issuer.key.privateKey));

        assert.equal(before, 1);
        assert.equal(issuer.fetches(), 1);
    });

    it("takes an audience that is one of several", async () => {
        const token = jwt(header, { ...good(), aud: ["other", audience] }, issuer.key.privateKey);

        assert.match((await ask(token)).result.principalId, /^oidc-/);
    });

    const wrongClaims: Record<string, () => object> = {
        "an expired token": () => ({ ...good(), iat: now() - 600, exp: now() - 1 }),
        "a token of the future": () => ({ ...good(), nbf: now() + 300 }),
        "a token for another audience": () => ({ ...good(), aud: "other" }),
        "a token for no audience": () => ({ ...good(), aud: undefined }),
        "a token of another issuer": () => ({ ...good(), iss: "https://other.example" }),
        "a token of no issuer": () => ({ ...good(), iss: undefined }),
        "a token without a subject": () => ({ ...good(), sub: undefined }),
        "a token without an end": () => ({ ...good(), exp: undefined }),
    };
    for (const [what, claims] of Object.entries(wrongClaims)) {
        it(`refuses ${what}`, () => isRefused(jwt(header, claims(), issuer.key.privateKey)));
    }

    it("refuses a token that says it is not signed", async () => {
        for (const alg of ["none", "None", "NONE", ""]) {
            await isRefused(jwt({ ...header, alg }, good(), ""));
            await isRefused(jwt({ alg }, good(), ""));
        }
    });

    it("refuses a token without its signature", async () => {
        const token = jwt(header, good(), issuer.key.privateKey);

        await isRefused(token.replace(/[^.]+$/, ""));
        await isRefused(token.replace(/\.[^.]+$/, ""));
    });

    it("refuses a token signed with the public key as a shared secret", async () => {
        const { publicKey } = issuer.key;
        const pem = publicKey.export({ type: "spki", format: "pem" });
        const der = publicKey.export({ type: "spki", format: "der" });
        const { n } = publicKey.export({ format: "jwk" });

        for (const secret of [pem, der, n!]) {
            await isRefused(jwt({ ...header, alg: "HS256" }, good(), secret));
        }
    });

    it("refuses a token whose claims were changed after it was signed", async () => {
        const [head, , signature] = jwt(header, good(), issuer.key.privateKey).split(".");
        const claims = Buffer.from(JSON.stringify({ ...good(), sub: "admin" })).toString("base64url");

        await isRefused(`${head}.${claims}.${signature}`);
    });

    it("refuses a token signed with another key, also one that the token itself brings", async () => {
        const own = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
        const jwk = { ...own.publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" };

        await isRefused(jwt(header, good(), own.privateKey));
        await isRefused(jwt({ ...header, jwk }, good(), own.privateKey));
        await isRefused(jwt({ ...header, jku: "https://127.0.0.1:1/keys" }, good(), own.privateKey));
    });

    it("refuses what is no token", async () => {
        for (const token of ["x", "a.b.c", "..", "e30.e30.e30"]) {
            await isRefused(token);
        }
    });

    it("refuses a token with no key id, or one that the issuer does not have", async () => {
        const fresh = await startFor(issuer);

        await isRefused(jwt({ alg: "RS256" }, good(), issuer.key.privateKey), fresh);
        await isRefused(jwt({ ...header, kid: "k9" }, good(), issuer.key.privateKey), fresh);
        const { result } = await ask(jwt(header, good(), issuer.key.privateKey), fresh);
        assert.match(result.principalId, /^oidc-/);
    });

    it("fetches the keys again for a key that is new", async () => {
        const fresh = await startFor(issuer);
        await ask(jwt(header, good(), issuer.key.privateKey), fresh);
        const { privateKey } = issuer.addKey("k2");

        const { result } = await ask(jwt({ ...header, kid: "k2" }, good(), privateKey), fresh);

        assert.match(result.principalId, /^oidc-/);
    });

    describe("when the issuer", () => {
        const failures: Record<string, (other: typeof issuer) => unknown> = {
            "is down": (other) => other.goDown(),
            "answers with an error": (other) => (other.answer = () => ({ status: 503, body: "{}" })),
            "answers something else than keys": (other) => (other.answer = () => ({ status: 200, body: "<html>" })),
            "answers JSON that is no keys": (other) => (other.answer = () => ({ status: 200, body: "{}" })),
        };
        for (const [what, fail] of Object.entries(failures)) {
            it(`${what}: says so and calls nobody unauthorized, but still knows the clients`, async () => {
                const other = await startIssuer();
                const token = jwt(header, good(other), other.key.privateKey);
                const fresh = await startFor(other);
                try {
                    await fail(other);

                    for (const attempt of [1, 2]) {
                        const { result, error = "", writes } = await ask(token, fresh);
                        assert.equal(result, undefined, `attempt ${attempt}`);
                        assert.notEqual(error, "");
                        assert.notEqual(error, "Unauthorized", `attempt ${attempt}`);
                        assert.ok(!(error + writes.join("")).includes(token), "the token is told");
                    }
                    assert.equal((await ask("token-web", fresh)).result.principalId, "web");
                } finally {
                    await other.close();
                }
            });
        }

        it("comes back: lets its tokens in again", async () => {
            const other = await startIssuer();
            const { answer } = other;
            const fresh = await startFor(other);
            try {
                other.answer = () => ({ status: 503, body: "{}" });
                await ask(jwt(header, good(other), other.key.privateKey), fresh);
                other.answer = answer;

                const { result } = await ask(jwt(header, good(other), other.key.privateKey), fresh);

                assert.match(result.principalId, /^oidc-/);
            } finally {
                await other.close();
            }
        });
    });
});
