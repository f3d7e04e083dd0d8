import * as assert from "node:assert/strict";
import { redact } from "../../tools/previewComment/redact";

describe("redact", () => {
    it("finds a secret with signs that JSON escapes, in JSON and as it is", () => {
        const env = { DB_PASSWORD: 'quote " and \\ slash' };

        const texts = [JSON.stringify({ message: env.DB_PASSWORD }), env.DB_PASSWORD].map((text) => redact(text, env));

        assert.deepEqual(texts, ['{"message":"[secret]"}', "[secret]"]);
    });

    it("leaves what is no secret as it is", () => {
        const env = { HOME: "/home/runner", GH_TOKEN: "short", GITHUB_REPOSITORY: "acme/quartet", EMPTY_SECRET: "" };
        const text = "acme/quartet /home/runner short quartet-dev-events eyJ";

        assert.equal(redact(text, env), text);
    });

    it("finds tokens by their shape", () => {
        const texts = [
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "pul-0123456789012345678901234567890123456789",
            "github_pat_0123456789abcdefghij0123",
            "ASIAABCDEFGHIJKLMNOP",
        ];

        assert.deepEqual(
            texts.map((text) => redact(text, {})),
            texts.map(() => "[secret]"),
        );
        assert.equal(redact("?X-Amz-Signature=0a1b&x=1", {}), "?X-Amz-Signature=[secret]&x=1");
    });
});
