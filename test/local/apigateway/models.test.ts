import * as assert from "node:assert/strict";
import { importRestApi } from "../../../local/services/apigateway/openApi/importBody";
import { compileSchema, type Schema } from "../../../local/services/apigateway/validation/jsonSchema";
import { proxy } from "./support/api";

const schemas: Record<string, Schema> = {
    Tree: {
        type: "object",
        required: ["name"],
        properties: {
            name: { type: "string" },
            children: { type: "array", items: { $ref: "#/components/schemas/Tree" } },
        },
    },
};

function check(schema: Schema) {
    return compileSchema(schema, (ref) => schemas[ref.split("/").pop()!]);
}

describe("API Gateway: models", () => {
    const cases: [string, Schema, unknown[], unknown[]][] = [
        ["several types", { type: ["string", "null"] }, ["", null], [1, {}]],
        ["integers", { type: "integer", minimum: 1, maximum: 3 }, [1, 3], [0, 4, 1.5, "1"]],
        ["a maximum that is exclusive", { maximum: 3, exclusiveMaximum: true }, [2.9], [3]],
        ["length in characters", { type: "string", minLength: 2, maxLength: 2 }, ["😀😀"], ["😀", "abc"]],
        ["patterns anywhere in a text", { pattern: "b+" }, ["abc", 1], ["ac"]],
        ["enumerations of any type", { enum: ["a", 1, null] }, ["a", 1, null], ["1", undefined]],
        [
            "properties that are not named",
            { properties: { a: {} }, additionalProperties: false },
            [{ a: 1 }, {}],
            [{ b: 1 }],
        ],
        ["exactly one of several", { oneOf: [{ type: "number" }, { minimum: 5 }] }, [1], [7]],
        ["any of several", { anyOf: [{ type: "string" }, { type: "null" }] }, ["", null], [1]],
        ["all of several", { allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [0, 3]],
        [
            "a model that holds itself",
            { $ref: "#/components/schemas/Tree" },
            [{ name: "a", children: [{ name: "b", children: [] }] }],
            [{ name: "a", children: [{ children: [] }] }, []],
        ],
        [
            "no number of items, which the importer drops",
            { type: "array", items: { type: "string" }, minItems: 1 },
            [[], ["a"]],
            [[1]],
        ],
    ];
    for (const [what, schema, valid, invalid] of cases) {
        it(`check ${what}`, () => {
            const matches = check(schema);

            assert.deepEqual(
                valid.filter((value) => !matches(value)),
                [],
            );
            assert.deepEqual(
                invalid.filter((value) => matches(value)),
                [],
            );
        });
    }

    const refused: [string, Schema, boolean, RegExp][] = [
        [
            "const, also deep inside",
            { type: "object", properties: { a: { items: { const: 1 } } } },
            false,
            /properties\.a\.items has the keyword const/,
        ],
        ["a numeric exclusiveMinimum", { exclusiveMinimum: 1 }, false, /keyword exclusiveMinimum/],
        ["an object that says nothing", { type: "object" }, false, /at least 1 property/],
        [
            "an example, when warnings count",
            { type: "string", example: "a" },
            true,
            /keyword example, of which API Gateway warns/,
        ],
    ];
    for (const [what, schema, failOnWarnings, message] of refused) {
        it(`are refused with ${what}`, () => {
            assert.throws(() => imported({ Order: schema }, failOnWarnings), message);
        });
    }

    it("are refused with a name that is not alphanumeric", () => {
        assert.throws(() => imported({ "order-line": { type: "string" } }, false), /model order-line has a name/);
    });

    it("may have a property called like a keyword, and an example when warnings don't count", () => {
        assert.ok(
            imported({ Order: { type: "object", example: {}, properties: { const: { type: "string" } } } }, false),
        );
    });
});

describe("API Gateway: paths", () => {
    const importPaths = (paths: Record<string, unknown>) =>
        importRestApi("id", { body: JSON.stringify({ openapi: "3.0.1", paths }) }, "arn");

    it("are refused with two names for one parameter", () => {
        assert.throws(
            () => importPaths({ "/a/{x}": { get: proxy() }, "/a/{y}/b": { get: proxy() } }),
            /\/a\/\{y\}\/b names a parameter \{y\}/,
        );
    });

    it("are refused when they go on after a greedy parameter", () => {
        assert.throws(() => importPaths({ "/a/{x+}/b": { get: proxy() } }), /goes on after \{x\+\}/);
    });

    it("are refused for a mock that sets a header its response does not declare", () => {
        const responses = { default: { statusCode: "200", responseParameters: { "method.response.header.X": "'1'" } } };
        const integration = { type: "mock", responses };

        assert.throws(
            () => importPaths({ "/a": { get: proxy({ integration }) } }),
            /GET \/a sets method\.response\.header\.X/,
        );
    });

    it("are refused for a mapping template with more than $context", () => {
        const integration = { type: "mock", requestTemplates: { "application/json": "#set($a = 1)" } };

        assert.throws(
            () => importPaths({ "/a": { get: proxy({ integration }) } }),
            /GET \/a has a mapping template with #set/,
        );
    });
});

function imported(models: Record<string, Schema>, failOnWarnings: boolean) {
    const body = JSON.stringify({
        openapi: "3.0.1",
        paths: { "/x": { get: proxy() } },
        components: { schemas: models },
    });
    return importRestApi("id", { body, failOnWarnings }, "arn");
}
