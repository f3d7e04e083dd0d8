import * as assert from "node:assert/strict";
import { parseConfig, type StackConfig } from "../../components/support/config";
import { readProject } from "../../plan/project";
import { projectFolder } from "../support/plans";

describe("config", () => {
    it("accepts the config of both stacks, which have the same keys, but those of what dev goes without", () => {
        const [dev, prod] = [valuesOf("dev"), valuesOf("prod")];

        assert.deepEqual([dev.accessLogs, dev.firewall], [false, false]);
        assert.deepEqual(
            keysOf(parseConfig(prod, "quartet:")).sort(),
            [...keysOf(parseConfig(dev, "quartet:")), ...["accessLogs.keepDays", "firewall.requestsPerAddress"]].sort(),
        );
    });

    it("tags all that a stack makes with its project, environment and owner", () => {
        for (const stack of ["dev", "prod"]) {
            assert.deepEqual(
                readProject(projectFolder, stack).config["aws:defaultTags"],
                { tags: { project: "quartet", env: stack, owner: "platform" } },
                stack,
            );
        }
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
            Number(config.uploadPipeline.versioning),
            config.uploadPipeline.keepTemporaryDays,
            -config.uploadPipeline.rememberTokensSeconds,
            Number(config.orderService.pointInTimeRecovery),
            Number(config.orderService.flowLogs),
            ["public", "private"].indexOf(config.orderService.network),
            -config.orderService.rememberTokensSeconds,
            Number(config.alarmTopic),
            config.accessLogs ? config.accessLogs.keepDays : 0,
            config.firewall ? 1 / config.firewall.requestsPerAddress : 0,
        ];

        strengths(prod).forEach((strength, index) => assert.ok(strength >= strengths(dev)[index], `strength ${index}`));
    });
});

describe("config of what the systems have in common", () => {
    const parse = (own: Record<string, unknown>) => parseConfig({ ...valuesOf("dev"), ...own }, "quartet:");
    const accessLogs = "false, or an object of keepDays";
    const firewall = "false, or an object of requestsPerAddress";

    for (const [key, allowed] of [
        ["alarmTopic", "true or false"],
        ["accessLogs", accessLogs],
        ["firewall", firewall],
    ]) {
        it(`misses ${key}, and says what is allowed`, () => {
            const { [key]: _, ...values } = valuesOf("dev");

            assert.throws(() => parseConfig(values, "quartet:"), {
                message: `quartet:${key} is missing: allowed is ${allowed}.`,
            });
        });
    }

    for (const [key, value, allowed] of [
        ["alarmTopic", "arn:aws:sns:eu-west-1:111111111111:alarms", "true or false"],
        ["alarmTopic", 1, "true or false"],
        ["accessLogs", true, accessLogs],
        ["accessLogs", 400, accessLogs],
        ["accessLogs", {}, accessLogs],
        ["accessLogs", { keepDays: "400" }, accessLogs],
        ["accessLogs", { keepDays: 400, bucket: "logs" }, accessLogs],
        ["firewall", true, firewall],
        ["firewall", {}, firewall],
        ["firewall", { requestsPerAddress: 300, rules: [] }, firewall],
    ] as const) {
        it(`refuses ${key} ${JSON.stringify(value)}, and says what is allowed`, () => {
            assert.throws(() => parse({ [key]: value }), {
                message: `quartet:${key} is ${JSON.stringify(value)}: allowed is ${allowed}.`,
            });
        });
    }

    for (const [key, name, least, most] of [
        ["accessLogs", "keepDays", 1, 36_500],
        ["firewall", "requestsPerAddress", 10, 2_000_000_000],
    ] as const) {
        it(`accepts ${key}.${name} from ${least} to ${most} in whole numbers, and nothing outside`, () => {
            for (const number of [least, most]) {
                assert.deepEqual(parse({ [key]: { [name]: number } })[key], { [name]: number });
            }
            for (const number of [least - 1, most + 1, least + 0.5]) {
                assert.throws(() => parse({ [key]: { [name]: number } }), {
                    message: `quartet:${key}.${name} is ${number}: allowed is a whole number from ${least} to ${most}.`,
                });
            }
        });
    }

    it("knows no firewall of ChallengeApi alone", () => {
        const challengeApi = { ...valuesOf("dev").challengeApi, firewall: false };

        assert.throws(() => parse({ challengeApi }), {
            message:
                "quartet:challengeApi.firewall is unknown: allowed in quartet:challengeApi are keys, throttle, usagePlan.",
        });
    });
});

describe("config of throttles", () => {
    for (const system of ["eventIngest", "uploadPipeline", "orderService", "challengeApi"]) {
        const parse = (throttle: unknown) => {
            const dev = valuesOf("dev");
            return parseConfig({ ...dev, [system]: { ...dev[system], throttle } }, "quartet:");
        };
        const key = `quartet:${system}.throttle`;

        it(`demands that of ${system}, with both its numbers and nothing else`, () => {
            const { throttle: _, ...own } = valuesOf("dev")[system];

            assert.throws(() => parseConfig({ ...valuesOf("dev"), [system]: own }, "quartet:"), {
                message: `${key} is missing: allowed is an object of requestsPerSecond and burst.`,
            });
            assert.throws(() => parse({ requestsPerSecond: 1 }), {
                message: `${key}.burst is missing: allowed is a whole number from 1 to 5000.`,
            });
            assert.throws(() => parse({ requestsPerSecond: 1, burst: 1, perDay: 1 }), {
                message: `${key}.perDay is unknown: allowed in quartet:${system} are requestsPerSecond, burst.`,
            });
            assert.throws(() => parse(false), {
                message: `${key} is false: allowed is an object of requestsPerSecond and burst.`,
            });
        });

        it(`accepts numbers of ${system} within API Gateway's own, and none outside`, () => {
            parse({ requestsPerSecond: 1, burst: 1 });
            parse({ requestsPerSecond: 10_000, burst: 5_000 });

            assert.throws(() => parse({ requestsPerSecond: 0, burst: 5_001 }), {
                message: [
                    `${key}.requestsPerSecond is 0: allowed is a whole number from 1 to 10000.`,
                    `${key}.burst is 5001: allowed is a whole number from 1 to 5000.`,
                ].join("\n"),
            });
        });
    }
});

describe("config of OrderService", () => {
    for (const [key, value, allowed] of [
        ["way", "lambda", "task or worker"],
        ["network", "nat", "private or public"],
        ["architecture", "arm64", "ARM64 or X86_64"],
        ["mostCents", 0, "a whole number from 1 to 9007199254740991"],
        ["mostCents", 2 ** 53, "a whole number from 1 to 9007199254740991"],
        ["mostWorkers", 0, "a whole number from 1 to 100"],
        ["pointInTimeRecovery", "yes", "true or false"],
        ["openIdConnect", {}, "false, or an object of issuer, audience and jwksUri"],
    ] as const) {
        it(`refuses ${key} ${JSON.stringify(value)}, and says what is allowed`, () => {
            const dev = valuesOf("dev");
            const orderService = { ...dev.orderService, [key]: value };

            assert.throws(() => parseConfig({ ...dev, orderService }, "quartet:"), {
                message: `quartet:orderService.${key} is ${JSON.stringify(value)}: allowed is ${allowed}.`,
            });
        });
    }
});

describe("config of UploadPipeline", () => {
    const issuer = {
        issuer: "https://login.example.com",
        audience: "uploads",
        jwksUri: "https://login.example.com/keys",
    };
    const parse = (own: Record<string, unknown>) => {
        const dev = valuesOf("dev");
        return parseConfig({ ...dev, uploadPipeline: { ...dev.uploadPipeline, ...own } }, "quartet:").uploadPipeline;
    };

    for (const [key, value, allowed] of [
        ["extensions", ".pdf", "a list of extensions"],
        ["maxBytes", 0, "a whole number from 1 to 5368709120"],
        ["maxBytes", 5_368_709_121, "a whole number from 1 to 5368709120"],
        ["maxBytes", 1.5, "a whole number from 1 to 5368709120"],
        ["rememberTokensSeconds", -1, "a whole number from 0 to 3600"],
        ["rememberTokensSeconds", 3601, "a whole number from 0 to 3600"],
        ["versioning", "yes", "true or false"],
        ["keepTemporaryDays", 14, "a whole number from 15 to 36500"],
        ["keepTemporaryDays", 36_501, "a whole number from 15 to 36500"],
        ["openIdConnect", true, "false, or an object of issuer, audience and jwksUri"],
        ["openIdConnect", {}, "false, or an object of issuer, audience and jwksUri"],
        ["openIdConnect", { ...issuer, secret: 1 }, "false, or an object of issuer, audience and jwksUri"],
    ] as const) {
        it(`refuses ${key} ${JSON.stringify(value)}, and says what is allowed`, () => {
            assert.throws(() => parse({ [key]: value }), {
                message: `quartet:uploadPipeline.${key} is ${JSON.stringify(value)}: allowed is ${allowed}.`,
            });
        });
    }

    it("names the extension that has no dot, or is in upper case", () => {
        assert.throws(() => parse({ extensions: [".txt", "pdf", ".PDF"] }), {
            message: [
                'quartet:uploadPipeline.extensions.1 is "pdf": allowed is an extension such as .pdf.',
                'quartet:uploadPipeline.extensions.2 is ".PDF": allowed is an extension such as .pdf.',
            ].join("\n"),
        });
    });

    it("names a missing key", () => {
        const { keepTemporaryDays: _, ...uploadPipeline } = valuesOf("dev").uploadPipeline;

        assert.throws(() => parseConfig({ ...valuesOf("dev"), uploadPipeline }, "quartet:"), {
            message: "quartet:uploadPipeline.keepTemporaryDays is missing: allowed is a whole number from 15 to 36500.",
        });
    });

    it("accepts the least and the most of each number, and an issuer", () => {
        const least = { maxBytes: 1, rememberTokensSeconds: 0, keepTemporaryDays: 15, extensions: [".7z"] };
        const most = { maxBytes: 5_368_709_120, rememberTokensSeconds: 3600, keepTemporaryDays: 36_500 };

        assert.equal(parse(least).rememberTokensSeconds, 0);
        assert.equal(parse(most).maxBytes, 5_368_709_120);
        assert.deepEqual(parse({ openIdConnect: issuer }).openIdConnect, issuer);
    });

    it("refuses an issuer, and its keys, that are not reached by https", () => {
        assert.throws(() => parse({ openIdConnect: { ...issuer, issuer: "http://login.example.com" } }), {
            message:
                'quartet:uploadPipeline.openIdConnect.issuer is "http://login.example.com": allowed is an address such as https://login.example.com.',
        });
        assert.throws(
            () => parse({ openIdConnect: { ...issuer, jwksUri: "login.example.com/keys" } }),
            /^Error: quartet:uploadPipeline\.openIdConnect\.jwksUri is "login\.example\.com\/keys": allowed is an address such as/,
        );
    });

    it("refuses an issuer without an audience in the program's own words", () => {
        assert.throws(
            () => parse({ openIdConnect: { ...issuer, audience: "" } }),
            (error: Error) =>
                /^quartet:uploadPipeline\.openIdConnect\.audience is "": allowed is /.test(error.message) &&
                !error.message.includes("Invalid length"),
        );
    });
});

describe("config of clients", () => {
    const parse = (clients: unknown) => parseConfig({ ...valuesOf("dev"), clients }, "quartet:").clients;
    const id = "an id of 1 to 64 of a-z, A-Z, 0-9, _ and -, not beginning with oidc-";

    it("refuses an id that begins as an issuer's subjects do, so that no subject can be taken for a client", () => {
        assert.throws(() => parse({ "oidc-acme": [] }), {
            message: `quartet:clients.oidc-acme is "oidc-acme": allowed is ${id}.`,
        });
        assert.deepEqual(parse({ oidc: [], "acme-oidc-": [] }), { oidc: [], "acme-oidc-": [] });
    });

    it("refuses an id that could not stand in an object's key", () => {
        for (const bad of ["", "a/b", "a b", "a".repeat(65)]) {
            assert.throws(() => parse({ [bad]: [] }), {
                message: `quartet:clients.${bad} is "${bad}": allowed is ${id}.`,
            });
        }
    });

    it("refuses a token in place of its digest, without repeating it", () => {
        assert.throws(
            () => parse({ acme: ["hunter2"] }),
            ({ message }: Error) =>
                /^quartet:clients\.acme\.0 .*SHA-256 of a token/.test(message) && !message.includes("hunter2"),
        );
    });
});

function valuesOf(stack: string): Record<string, any> {
    const { config } = readProject(projectFolder, stack);
    return Object.fromEntries(
        Object.entries(config).flatMap(([key, value]) => (key.startsWith("quartet:") ? [[key.slice(8), value]] : [])),
    );
}

function keysOf(value: unknown, prefix = ""): string[] {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, item]) => [`${prefix}${key}`, ...keysOf(item, `${prefix}${key}.`)])
        : [];
}
