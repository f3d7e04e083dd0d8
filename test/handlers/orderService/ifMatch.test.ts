import * as assert from "node:assert/strict";
import { ifMatch } from "../../../handlers/orderService/ifMatch";
import { isRefusal } from "../../../handlers/shared/refusal";

/** Versions that a header lets pass. */
const versionsIn = (header: string) => Object.values(ifMatch(header).values);

describe("If-Match", () => {
    for (const [header, versions] of Object.entries({
        '"3"': [3],
        ' "3" ': [3],
        '"1","2" ,\t"3"': [1, 2, 3],
        'W/"1", "2"': [2],
        '"a,1", "2", ""': [2],
        '"999999999999999"': [999_999_999_999_999],
    })) {
        it(`${header} names the versions ${versions}`, () => {
            assert.deepEqual(versionsIn(header), versions);
        });
    }

    it("binds every version that it names into one condition", () => {
        assert.deepEqual(ifMatch('"1", "7"'), {
            when: "#version IN (:version0,:version1)",
            values: { version0: 1, version1: 7 },
        });
    });

    for (const header of [
        'W/"3"',
        '"three"',
        '""',
        '"03"',
        '"0"',
        '"3.0"',
        '"-3"',
        '"1e1"',
        '"W/3"',
        '"1000000000000000"',
    ]) {
        it(`${header} is no order's tag, and matches none`, () => {
            assert.deepEqual(ifMatch(header), { when: "attribute_not_exists(#version)", values: {} });
        });
    }

    it("* matches whatever is there", () => {
        assert.deepEqual(ifMatch(" * "), { when: "attribute_exists(#version)", values: {} });
    });

    for (const header of [
        ...[
            "",
            " ",
            "3",
            "'3'",
            '"3',
            '3"',
            '"3" "4"',
            '"3",',
            ',"3"',
            '*,"3"',
            '"*", *',
            'w/"3"',
            'W/ "3"',
            'W/W/"3"',
        ],
        ...['"3 "', '"\u007f"', `"${"3".repeat(250)}"`],
    ]) {
        it(`${JSON.stringify(header).slice(0, 30)} is no header of that kind, and refused without being repeated`, () => {
            assert.throws(
                () => ifMatch(header),
                (error) => {
                    assert.ok(isRefusal(error));
                    assert.deepEqual([error.status, error.code], [400, "INVALID_IF_MATCH"]);
                    assert.deepEqual(
                        error.issues?.map(({ path }) => path),
                        ["If-Match"],
                    );
                    return true;
                },
            );
        });
    }

    it("must be there", () => {
        assert.throws(
            () => ifMatch(undefined),
            (error) => isRefusal(error) && error.status === 428 && error.code === "PRECONDITION_REQUIRED",
        );
    });

    it("of any length that is taken has no more tags than DynamoDB takes operands", () => {
        const most = Array.from({ length: 62 }, () => '"1"').join(",");

        assert.ok(versionsIn(most).length < 100);
        assert.throws(() => ifMatch(`${most},"1"`), isRefusal);
    });
});
