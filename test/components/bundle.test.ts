import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { bundleCallback } from "../../components/support/bundle";
import { importNameClashes } from "../../components/support/packaging/importNames";
import { authorizeTokensFactory } from "../../handlers/shared/authorizeTokens";
import { artifactSizes, MOST_OVERHEAD } from "../../tools/artifactSizes";
import {
    assignsToCaptured,
    capturesData,
    capturesInstance,
    capturesMap,
    capturesSchema,
    parametrised,
} from "./support/captures";

describe("a bundled callback", () => {
    it("answers as its source does, with captured data, functions and mutual recursion", async () => {
        const event = { value: 2 };

        assert.deepEqual(await invoke(capturesData, event), await capturesData()(event));
    });

    it("keeps captured parameters apart from names that hide them", async () => {
        const factory = parametrised("outer", [1, 2]);

        assert.deepEqual(await invoke(factory, { label: "inner" }), ["outer", "inner", [2, 4]]);
        assert.deepEqual(await invoke(factory, {}), ["outer", "none", [2, 4]]);
    });

    it("has the same bytes each time", async () => {
        const [one, other] = [await bundleCallback("data", capturesData), await bundleCallback("data", capturesData)];

        assert.equal(one.sha256, other.sha256);
    });

    it("runs in strict mode", async () => {
        const frozen = () => () => {
            const object = Object.freeze({ value: 1 }) as { value: number };
            try {
                object.value = 2;
                return Promise.resolve("written");
            } catch (error) {
                return Promise.resolve((error as Error).name);
            }
        };

        assert.equal(await invoke(frozen, {}), "TypeError");
    });

    it("is refused when it captures an instance of a class, naming callback and variable", async () => {
        await assert.rejects(bundleCallback("orders", capturesInstance), {
            message:
                "callback orders: the captured counter is a class, an instance of one, or has accessors; create it inside the factory",
        });
    });

    it("is refused when it captures a Map, a schema, or a variable that it assigns to", async () => {
        await assert.rejects(bundleCallback("a", capturesMap), /^Error: callback a: the captured seen is a class/);
        await assert.rejects(bundleCallback("b", capturesSchema), /^Error: callback b/);
        await assert.rejects(
            bundleCallback("c", assignsToCaptured),
            /^Error: callback c: .*assigns to what it captures.*calls/s,
        );
    });

    it("is refused when it captures a secret's value", async () => {
        const pulumi = await import("@pulumi/pulumi");
        const secret = pulumi.secret("hunter2");

        await assert.rejects(
            bundleCallback("leaky", () => () => Promise.resolve(secret.get())),
            (error: Error) =>
                /^callback leaky cannot be serialised/.test(error.message) && !error.message.includes("hunter2"),
        );
    });

    it("is refused when two handlers give different packages one import name", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
        fs.writeFileSync(path.join(folder, "one.ts"), 'import * as client from "@aws-sdk/client-s3";\nclient.S3;');
        fs.writeFileSync(path.join(folder, "other.ts"), 'import * as client from "@aws-sdk/client-sqs";\nclient.SQS;');
        fs.writeFileSync(path.join(folder, "types.ts"), 'import type * as client from "valibot";\n');

        assert.deepEqual(importNameClashes(folder), [
            "the import name client stands for @aws-sdk/client-s3 in one.ts and @aws-sdk/client-sqs in other.ts; give each package a name of its own",
        ]);
        assert.deepEqual(importNameClashes(path.join(__dirname, "../../handlers")), []);
        fs.rmSync(folder, { recursive: true });
    });
});

describe("the artifacts", () => {
    it("of an authorizer hold no client of AWS and no driver: it stands before every request", async () => {
        const { packages } = await bundleCallback("authorize", () => authorizeTokensFactory([]));

        assert.deepEqual(Object.keys(packages).sort(), ["handler", "valibot"]);
    });

    it("are within their limits, and hardly larger than direct bundles of the same handlers", async function () {
        // Some twenty bundles, each made twice.
        this.timeout(60_000);
        const sizes = await artifactSizes();

        assert.deepEqual(sizes.map(({ name }) => name).sort(), [
            ...["challenge-answer", "events-ingest", "orders-authorize", "orders-create", "orders-delete"],
            ...["orders-get", "orders-list", "orders-replace", "orders-stopped", "orders-sweep"],
            ...["uploads-authorize", "uploads-confirm", "uploads-consult"],
            ...["uploads-fail", "uploads-migrate", "uploads-promote", "uploads-request", "uploads-sweep"],
            "uploads-update",
        ]);
        for (const { name, bytes, directBytes, limit } of sizes) {
            assert.ok(bytes <= limit, `${name} has ${bytes} bytes`);
            assert.ok(
                bytes <= directBytes * MOST_OVERHEAD,
                `${name} has ${bytes} bytes, a direct bundle ${directBytes}`,
            );
        }
    });
});

/** Runs the artifact in a fresh process. */
async function invoke(factory: () => (event: never) => Promise<unknown>, event: unknown): Promise<unknown> {
    const { code } = await bundleCallback("callback", factory);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
    fs.writeFileSync(path.join(folder, "index.js"), code);
    const script = `require("./index.js").handler(${JSON.stringify(event)}).then((result) => console.log(JSON.stringify(result)))`;
    const output = execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
    fs.rmSync(folder, { recursive: true });
    return JSON.parse(output);
}
