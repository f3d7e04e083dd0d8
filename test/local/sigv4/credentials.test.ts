import * as assert from "node:assert/strict";
import { createCredentials } from "../../../local/gateway/credentials";
import type { Principal } from "../../../local/iam/types";

const role: Principal = { type: "role", roleArn: "arn:aws:iam::123456789012:role/r", sessionName: "s" };

describe("createCredentials", () => {
    it("finds what it issued until the session's end, and says afterwards that it expired", () => {
        const credentials = createCredentials();
        const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials.issue(role, {
            durationSeconds: 900,
        });

        const end = expiration.getTime();
        assert.ok(Math.abs(end - Date.now() - 900_000) < 5000);
        assert.deepEqual(credentials.find(accessKeyId, sessionToken, end - 1), {
            status: "valid",
            principal: role,
            secretAccessKey,
        });
        assert.deepEqual(credentials.find(accessKeyId, sessionToken, end), { status: "expired" });
    });

    it("tells a key that it does not know from a token that is another's", () => {
        const credentials = createCredentials();
        const [one, other] = [1, 2].map(() => credentials.issue(role, { durationSeconds: 900 }));

        assert.match(one.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
        assert.equal(credentials.find("ASIAUNKNOWN", one.sessionToken, Date.now()).status, "unknown");
        assert.equal(credentials.find(one.accessKeyId, undefined, Date.now()).status, "unknown");
        assert.equal(credentials.find(one.accessKeyId, other.sessionToken, Date.now()).status, "wrongToken");
    });

    it("knows a long-term key without a token only", () => {
        const credentials = createCredentials();
        credentials.addLongTerm(role, { accessKeyId: "AKIA1", secretAccessKey: "secret" });

        assert.equal(credentials.find("AKIA1", undefined, Date.now()).status, "valid");
        assert.equal(credentials.find("AKIA1", "token", Date.now()).status, "wrongToken");
    });
});
