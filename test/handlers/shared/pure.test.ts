import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import { apiDescription } from "../../../components/support/openApi/apiDescription";
import { eventIngestRoutes } from "../../../handlers/eventIngest/routes";
import { tokenOwner } from "../../../handlers/shared/clients";
import { check } from "../../../handlers/shared/issues";
import { jsonObject } from "../../../handlers/shared/schemas";
import { timeOfUuidv7, uuidv7 } from "../../../handlers/shared/uuidv7";

describe("tokens", () => {
    const digest = (token: string) => crypto.createHash("sha256").update(token).digest("hex");

    it("are compared with every digest in constant time, whichever of them is right", () => {
        const clients = { a: [digest("a1"), digest("a2")], b: [digest("b1")] };
        const ownerOf = tokenOwner(clients);
        const { timingSafeEqual } = crypto;
        const module = require("node:crypto");
        let comparisons = 0;
        module.timingSafeEqual = (...args: Parameters<typeof timingSafeEqual>) => (
            comparisons++,
            timingSafeEqual(...args)
        );

        const counts = ["a1", "a2", "b1", "none", undefined].map((token) => {
            comparisons = 0;
            return [ownerOf(token), comparisons];
        });

        module.timingSafeEqual = timingSafeEqual;
        assert.deepEqual(counts, [
            ["a", 3],
            ["a", 3],
            ["b", 3],
            [undefined, 3],
            [undefined, 3],
        ]);
    });

    it("belong to nobody when there are no clients", () => {
        assert.equal(tokenOwner({})("any"), undefined);
    });
});

describe("a UUID of version 7", () => {
    it("holds its time, its version and its variant, and is never the same twice", () => {
        const now = Date.UTC(2026, 0, 31);

        const made = Array.from({ length: 1000 }, () => uuidv7(now));

        assert.equal(new Set(made).size, 1000);
        for (const uuid of made) {
            assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
            assert.equal(timeOfUuidv7(uuid), now);
        }
    });
});

describe("schemas", () => {
    it("report every issue with its path, and never the value", () => {
        const schema = jsonObject({ a: v.string(), b: v.object({ c: v.picklist(["x", "y"]) }), d: jsonObject({}) });

        const { issues } = check(schema, { b: { c: "secret" }, d: [] });

        assert.deepEqual(issues, [
            { path: "a", message: "is required" },
            { path: "b.c", message: 'must be ("x" | "y")' },
            { path: "d", message: "must be an object" },
        ]);
    });

    it("of events are published as they are checked", () => {
        const description = apiDescription({ title: "Events", routes: eventIngestRoutes() });

        const { schema } = JSON.parse(description).paths["/events"].post.requestBody.content["application/json"];

        const [event, batch] = schema.anyOf;
        assert.deepEqual(event.properties.event_name, { type: "string", minLength: 1, maxLength: 256 });
        assert.deepEqual(event.properties.event_time, { type: "string", format: "date-time" });
        assert.equal(event.properties.properties.type, "object");
        assert.deepEqual([event.minProperties, event.required], [1, []]);
        assert.deepEqual([batch.minItems, batch.maxItems], [1, 500]);
    });
});

describe("the handlers' files", () => {
    const folder = path.resolve(__dirname, "../../../handlers");
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const texts = files.map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")] as const);

    it("import a package under one name everywhere, and no two packages under one, which Pulumi would mix up", () => {
        const names = new Map<string, Set<string>>();
        for (const [, text] of texts) {
            for (const [, name, from] of text.matchAll(/^import \* as (\w+) from "([^.][^"]*)";$/gm)) {
                names.set(name, (names.get(name) ?? new Set()).add(from));
            }
        }

        const packages = [...names.values()].flatMap((from) => [...from]);
        assert.ok(names.size >= 5);
        assert.equal(packages.length, names.size);
        assert.equal(new Set(packages).size, names.size);
    });

    it("import packages as namespaces only, and none of Pulumi's", () => {
        for (const [file, text] of texts) {
            for (const [line] of text.matchAll(/^import (?!type ).*from "[^.].*$/gm)) {
                assert.match(line, /^import \* as \w+ from "(?!@pulumi)/, file);
            }
        }
    });
});
