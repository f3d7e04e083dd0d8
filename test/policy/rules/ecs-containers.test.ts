import * as assert from "node:assert/strict";
import { rule as logging } from "../../../policy/rules/ecs/ecs-task-logging";
import { rule as plaintextSecrets } from "../../../policy/rules/ecs/ecs-task-no-plaintext-secrets";
import { rule as privileged } from "../../../policy/rules/ecs/ecs-task-no-privileged";
import { rule as nonRootUser } from "../../../policy/rules/ecs/ecs-task-non-root-user";
import { rule as readonlyRoot } from "../../../policy/rules/ecs/ecs-task-readonly-root";
import { judge, UNKNOWN, type Declared } from "../support/judge";

const task = (props: Record<string, unknown>): Declared => ({
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "task",
    props,
});

/** A task of some containers, as JSON text. */
const running = (...definitions: object[]) => task({ containerDefinitions: JSON.stringify(definitions) });

const unknown = (property: string) =>
    `task could not be judged, since ${property} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${property}]`;

const PRIVILEGED = "Leave privileged out of the container's definition.";
const USER = "Set user of the container's definition to a user id other than 0.";
const READONLY = "Set readonlyRootFilesystem to true and mount a volume where the container has to write.";
const LOGGING = "Set logConfiguration with a logDriver in the container's definition, e.g. awslogs.";
const SECRETS =
    "Move the value to Secrets Manager or a SecureString parameter and name it in secrets of the container's definition.";

const RULES = [privileged, nonRootUser, readonlyRoot, logging, plaintextSecrets];

describe("rules of ECS containers", () => {
    for (const rule of RULES) {
        it(`${rule.id} can't judge definitions that are unknown, left out or no JSON`, async () => {
            assert.deepEqual(await judge(rule, task({ containerDefinitions: UNKNOWN })), [
                unknown("containerDefinitions"),
            ]);
            assert.deepEqual(await judge(rule, task({})), [
                `task could not be judged: it declares no containerDefinitions. ${rule.mend} [unreadable]`,
            ]);
            assert.deepEqual(await judge(rule, task({ containerDefinitions: "[" })), [
                `task could not be judged: containerDefinitions is no JSON. ${rule.mend} [unreadable]`,
            ]);
        });
    }
});

describe("ecs-task-no-privileged", () => {
    for (const definition of [{}, { privileged: false }, { privileged: "false" }]) {
        it(`takes a container with ${JSON.stringify(definition)}`, async () => {
            assert.deepEqual(await judge(privileged, running({ name: "app", ...definition })), []);
        });
    }

    it("refuses each privileged container by its name or its place", async () => {
        const containers = [{ name: "app", privileged: true }, { name: "log" }, { privileged: "true" }];
        const messages = [
            `task runs container app in privileged mode. ${PRIVILEGED} [app]`,
            `task runs container container 3 in privileged mode. ${PRIVILEGED} [container 3]`,
        ];

        assert.deepEqual(await judge(privileged, running(...containers)), messages);
        assert.deepEqual(await judge(privileged, task({ containerDefinitions: containers })), messages);
    });

    it("reads keys of any case, as the provider does", async () => {
        assert.deepEqual(await judge(privileged, running({ Name: "app", Privileged: true })), [
            `task runs container app in privileged mode. ${PRIVILEGED} [app]`,
        ]);
    });

    it("does not let a container that it can't judge hide another", async () => {
        const containerDefinitions = [{ name: "app", privileged: UNKNOWN }, "x", { name: "log", privileged: true }];

        assert.deepEqual(await judge(privileged, task({ containerDefinitions })), [
            unknown("containerDefinitions.0.privileged"),
            `task could not be judged: a value that should be an object is something else. ${PRIVILEGED} [unreadable]`,
            `task runs container log in privileged mode. ${PRIVILEGED} [log]`,
        ]);
    });
});

describe("ecs-task-non-root-user", () => {
    for (const user of ["1000", "1000:0", "app:root", 65532]) {
        it(`takes the user ${user}`, async () => {
            assert.deepEqual(await judge(nonRootUser, running({ name: "app", user })), []);
        });
    }

    for (const user of ["root", "0", "00", "0:1000", "root:app", 0]) {
        it(`refuses the user ${user}`, async () => {
            assert.deepEqual(await judge(nonRootUser, running({ name: "app", user })), [
                `task runs container app as root. ${USER} [app]`,
            ]);
        });
    }

    for (const user of [undefined, null, "", ":1000"]) {
        it(`refuses the user ${JSON.stringify(user)}, which leaves it to the image`, async () => {
            assert.deepEqual(await judge(nonRootUser, running({ name: "app", user })), [
                `task names no user for container app. ${USER} [app]`,
            ]);
        });
    }
});

describe("ecs-task-readonly-root", () => {
    it("takes a container that can't write to its root", async () => {
        assert.deepEqual(await judge(readonlyRoot, running({ name: "app", readonlyRootFilesystem: true })), []);
    });

    for (const definition of [{}, { readonlyRootFilesystem: "false" }]) {
        it(`refuses a container with ${JSON.stringify(definition)}`, async () => {
            assert.deepEqual(await judge(readonlyRoot, running({ name: "app", ...definition })), [
                `task lets container app write to its root file system. ${READONLY} [app]`,
            ]);
        });
    }
});

describe("rules of Linux containers", () => {
    for (const rule of [nonRootUser, readonlyRoot]) {
        it(`${rule.id} says nothing of Windows, and tells it from what it can't know`, async () => {
            const on = (operatingSystemFamily: string) => ({
                ...task({
                    containerDefinitions: JSON.stringify([{ name: "app" }]),
                    runtimePlatform: { operatingSystemFamily },
                }),
            });

            assert.deepEqual(await judge(rule, on("WINDOWS_SERVER_2022_CORE")), []);
            assert.equal((await judge(rule, on("LINUX"))).length, 1);
            assert.deepEqual(await judge(rule, on(UNKNOWN)), [unknown("runtimePlatform.operatingSystemFamily")]);
        });
    }
});

describe("ecs-task-logging", () => {
    it("takes a container with a log", async () => {
        const logConfiguration = { logDriver: "awslogs", options: {} };

        assert.deepEqual(await judge(logging, running({ name: "app", logConfiguration })), []);
    });

    for (const logConfiguration of [undefined, {}, { logDriver: "" }, { logDriver: "none" }]) {
        it(`refuses the log ${JSON.stringify(logConfiguration)}`, async () => {
            assert.deepEqual(await judge(logging, running({ name: "app", logConfiguration })), [
                `task has no log of container app. ${LOGGING} [app]`,
            ]);
        });
    }
});

describe("ecs-task-no-plaintext-secrets", () => {
    const withEnvironment = (...environment: object[]) => running({ name: "app", environment });
    const message = (name: string) =>
        `task has what looks like a secret in ${name} of container app. ${SECRETS} [app.${name}]`;

    it("takes plain settings, references to secrets and secrets by reference", async () => {
        const environment = [
            { name: "TABLE", value: "orders" },
            { name: "DB_SECRET_ARN", value: "arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-x" },
            { name: "DB_PASSWORD", value: "" },
        ];
        const secrets = [{ name: "API_TOKEN", valueFrom: "arn:aws:ssm:eu-west-1:222222222222:parameter/token" }];

        assert.deepEqual(await judge(plaintextSecrets, running({ name: "app", environment, secrets })), []);
        assert.deepEqual(await judge(plaintextSecrets, running({ name: "app" })), []);
    });

    it("refuses secrets by name and by value, and shows none", async () => {
        const variables = [
            { name: "DB_PASSWORD", value: "hunter2hunter2" },
            { name: "TABLE", value: "orders" },
            { Name: "DB", Value: "postgres://orders:hunter2@db.example.com/orders" },
        ];

        assert.deepEqual(await judge(plaintextSecrets, withEnvironment(...variables)), [
            message("DB_PASSWORD"),
            message("DB"),
        ]);
    });

    it("does not let a variable that it can't judge hide another", async () => {
        const variables = [
            { name: "HOST", value: {} },
            { name: "DB_PASSWORD", value: "hunter2hunter2" },
        ];

        assert.deepEqual(await judge(plaintextSecrets, withEnvironment(...variables)), [
            `task could not be judged: a value that should be a text is something else. ${SECRETS} [unreadable]`,
            message("DB_PASSWORD"),
        ]);
    });
});
