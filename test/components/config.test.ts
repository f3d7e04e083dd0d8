import * as assert from "node:assert/strict";
import * as path from "node:path";
import { parseConfig, type StackConfig } from "../../components/support/config";
import { readProject } from "../../plan/project";

describe("config", () => {
    it("accepts the config of both stacks, which have the same keys", () => {
        const [dev, prod] = [valuesOf("dev"), valuesOf("prod")];

        assert.deepEqual(keysOf(parseConfig(prod, "quartet:")), keysOf(parseConfig(dev, "quartet:")));
    });

    it("names an unknown key and the keys that are allowed beside it", () => {
        const values = { ...valuesOf("dev"), logs: { retentionDays: 7, level: "INFO", colour: "red" } };

        assert.throws(() => parseConfig(values, "quartet:"), {
            message: "quartet:logs.colour is unknown: allowed in quartet:logs are retentionDays, level.",
        });
    });

    it("names a missing key and what is allowed", () => {
        const { encryption: _, ...values } = valuesOf("dev");

        assert.throws(() => parseConfig(values, "quartet:"), {
            message: "quartet:encryption is missing: allowed is aws-managed or customer-key.",
        });
    });

    it("names every bad value with what is allowed, a line each", () => {
        const challengeApi = { ...valuesOf("dev").challengeApi, keys: ["blue", "blue"] };
        const values = { ...valuesOf("dev"), stage: "Dev!", corsOrigins: ["*", "https://a.example"], challengeApi };

        assert.throws(() => parseConfig(values, "quartet:"), {
            message: [
                'quartet:stage is "Dev!": allowed is 1 to 32 of a-z, 0-9 and -, starting with a letter.',
                'quartet:corsOrigins is ["*","https://a.example"]: allowed is either * alone or a list of origins.',
                'quartet:challengeApi.keys is ["blue","blue"]: allowed is a list of two different names.',
            ].join("\n"),
        });
    });

    it("refuses clients that would not fit into the environment of a function", () => {
        const many = Object.fromEntries(
            Array.from({ length: 40 }, (_, index) => [`client-${index}`, ["a".repeat(64)]]),
        );

        assert.throws(
            () => parseConfig({ ...valuesOf("dev"), clients: many }, "quartet:"),
            /allowed is at most 3000 characters/,
        );
    });

    it("is never weaker in prod than in dev", () => {
        const [dev, prod] = [parseConfig(valuesOf("dev"), "quartet:"), parseConfig(valuesOf("prod"), "quartet:")];
        const strengths = (config: StackConfig) => [
            ["aws-managed", "customer-key"].indexOf(config.encryption),
            config.corsOrigins.includes("*") ? 0 : 1,
            config.logs.retentionDays,
            Number(config.protectData),
            Number(config.eventIngest.versioning),
            config.eventIngest.keepEventsDays,
            config.eventIngest.keepRejectedDays,
            Number(config.challengeApi.firewall),
        ];

        strengths(prod).forEach((strength, index) => assert.ok(strength >= strengths(dev)[index], `strength ${index}`));
    });
});

function valuesOf(stack: string): Record<string, any> {
    const { config } = readProject(path.resolve(__dirname, "../.."), stack);
    return Object.fromEntries(
        Object.entries(config).flatMap(([key, value]) => (key.startsWith("quartet:") ? [[key.slice(8), value]] : [])),
    );
}

function keysOf(value: unknown, prefix = ""): string[] {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, item]) => [`${prefix}${key}`, ...keysOf(item, `${prefix}${key}.`)])
        : [];
}
