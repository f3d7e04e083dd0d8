import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { checksums } from "../../../local/sigv4/checksums";
import { createCrc64Nvme } from "../../../local/sigv4/crc64nvme";

describe("CRC-64/NVME", () => {
    it("has the check value of its specification", () => {
        const sum = createCrc64Nvme();
        sum.update(Buffer.from("123456789"));
        assert.equal(Buffer.from(sum.digest(), "base64").toString("hex"), "ae8b14860a799888");
    });

    it("is the same however the bytes are cut, and the same as byte by byte", () => {
        const bytes = crypto.randomBytes(1000);
        const slow = checksums.crc64nvme.create();
        slow.update(bytes);
        const expected = slow.digest();

        for (let cut = 0; cut <= 40; cut++) {
            const sum = createCrc64Nvme();
            for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut, 3 * cut), bytes.subarray(3 * cut)])
                sum.update(piece);
            assert.equal(sum.digest(), expected, `cut at ${cut}`);
        }
    });
});
