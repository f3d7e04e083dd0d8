import * as assert from "node:assert/strict";
import { oneLine } from "../../tools/oneLine";

describe("text of others in a line", () => {
    it("begins no line of its own, by whatever ends one, and rings no bell", () => {
        assert.equal(oneLine("a\r\n::b\u0085::c\u2028::d\u0007\u200b"), "a ::b ::c ::d");
    });

    it("has no colours and no command of GitHub's runner", () => {
        assert.equal(oneLine("\u001b[31mred\u001b[0m ##[add-mask]x"), "red ## [add-mask]x");
    });

    it("is cut at 500 characters", () => {
        assert.equal(oneLine("x".repeat(500)).length, 500);
        assert.equal(oneLine("x".repeat(501)), `${"x".repeat(499)}…`);
    });
});
