import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler } from "../../support/invoke";

const routes = [
    { method: "POST", path: "/upload" },
    { method: "GET", path: "/files/{id}/parts/{part}" },
];
const api = "arn:aws:execute-api:eu-central-1:123456789012:abc123";

const digest = (token: string) => crypto.createHash("sha256").update(token).digest("hex");

/** The question of API Gateway whether somebody may call `POST /upload`. */
const asked = (headers: object | null, methodArn = `${api}/dev/POST/upload`) => ({
    type: "REQUEST",
    methodArn,
    headers,
});

bothForms(
    "the authorizer of clients' tokens",
    { module: "handlers/shared/authorizeTokens.ts", factory: "authorizeTokensFactory", args: [routes] },
    (start) => {
        let authorizer: RunningHandler;
        before(async () => {
            authorizer = await start({
                CLIENTS: JSON.stringify({
                    web: [digest("token-web-1"), digest("token-web-2")],
                    shop: [digest("token-shop")],
                }),
            });
        });

        it("lets a client in to exactly the guarded routes of the API and the stage that were called", async () => {
            const { result } = await authorizer.invokeEvent(asked({ Authorization: "Bearer token-web-1" }));

            assert.deepEqual(result, {
                principalId: "web",
                policyDocument: {
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Action: "execute-api:Invoke",
                            Resource: [`${api}/dev/POST/upload`, `${api}/dev/GET/files/*/parts/*`],
                        },
                    ],
                },
            });
        });

        it("names another API and stage when those were called, whatever the path", async () => {
            const other = "arn:aws:execute-api:us-east-1:210987654321:xyz";
            const event = asked({ Authorization: "Bearer token-shop" }, `${other}/prod/DELETE/x/y/z`);

            const { result } = await authorizer.invokeEvent(event);

            assert.equal(result.principalId, "shop");
            assert.deepEqual(result.policyDocument.Statement[0].Resource, [
                `${other}/prod/POST/upload`,
                `${other}/prod/GET/files/*/parts/*`,
            ]);
        });

        it("knows each live token of a client", async () => {
            for (const [token, client] of Object.entries({
                "token-web-1": "web",
                "token-web-2": "web",
                "token-shop": "shop",
            })) {
                const { result } = await authorizer.invokeEvent(asked({ Authorization: `Bearer ${token}` }));
                assert.equal(result.principalId, client);
            }
        });

        it("takes any case of the header's name and of the scheme, and more spaces", async () => {
            for (const [name, value] of [
                ["authorization", "bearer token-shop"],
                ["AUTHORIZATION", "BEARER token-shop"],
                ["aUtHoRiZaTiOn", "bEaReR   token-shop  "],
            ]) {
                const { result } = await authorizer.invokeEvent(asked({ Host: "x", [name]: value }));
                assert.equal(result?.principalId, "shop", `${name}: ${value}`);
            }
        });

        const refused: Record<string, object | null> = {
            "no headers at all": null,
            "no such header": { "X-Auth-Token": "token-shop", "X-Authorization": "Bearer token-shop" },
            "an empty header": { Authorization: "" },
            "no token": { Authorization: "Bearer" },
            "an empty token": { Authorization: "Bearer " },
            "a token without a scheme": { Authorization: "token-shop" },
            "another scheme": { Authorization: "Basic token-shop" },
            "another scheme before it": { Authorization: "Digest Bearer token-shop" },
            "a token nobody has": { Authorization: "Bearer token-other" },
            "the start of a token": { Authorization: "Bearer token-web" },
            "a token in another case": { Authorization: "Bearer TOKEN-SHOP" },
            "two tokens": { Authorization: "Bearer token-shop token-shop" },
            "two tokens with a comma": { Authorization: "Bearer token-shop,token-shop" },
            "a token's digest": { Authorization: `Bearer ${digest("token-shop")}` },
            "the client's id": { Authorization: "Bearer shop" },
        };
        for (const [what, headers] of Object.entries(refused)) {
            it(`refuses ${what} with the word that API Gateway makes 401 of`, async () => {
                const { result, error, writes } = await authorizer.invokeEvent(asked(headers));

                assert.equal(result, undefined);
                assert.equal(error, "Unauthorized");
                assert.ok(!writes.join("").includes("token-"), "a token is logged");
            });
        }

        it("lets nobody in when there are no clients", async () => {
            const empty = await start({ CLIENTS: "{}" });

            assert.equal((await empty.invokeEvent(asked({ Authorization: "Bearer " }))).error, "Unauthorized");
            assert.equal((await empty.invokeEvent(asked({ Authorization: "Bearer x" }))).error, "Unauthorized");
        });

        it("does not start with clients that are no digests, and repeats none", async () => {
            await assert.rejects(start({ CLIENTS: '{"web":["token-web-1"]}' }), (error: Error) => {
                assert.match(error.message, /CLIENTS must hold SHA-256 digests in hex/);
                assert.ok(!error.message.includes("token-web-1"));
                return true;
            });
        });
    },
);
