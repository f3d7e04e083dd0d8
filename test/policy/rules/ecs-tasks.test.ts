import * as assert from "node:assert/strict";
import { rule as efsTls } from "../../../policy/rules/ecs/ecs-task-efs-tls";
import { rule as hostNamespaces } from "../../../policy/rules/ecs/ecs-task-no-host-namespaces";
import { rule as rolesDistinct } from "../../../policy/rules/ecs/ecs-task-roles-distinct";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const task = (props: Record<string, unknown>): Declared => ({
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "task",
    props,
});

const unknown = (property: string) =>
    `task could not be judged, since ${property} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${property}]`;

describe("ecs-task-no-host-namespaces", () => {
    const MEND = "Set networkMode to awsvpc and leave pidMode and ipcMode out.";

    for (const props of [{}, { networkMode: "awsvpc", pidMode: "task", ipcMode: "none" }, { networkMode: "bridge" }]) {
        it(`takes ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(hostNamespaces, task(props)), []);
        });
    }

    it("refuses each namespace of the host, also beside one that it can't know", async () => {
        const props = { networkMode: "host", pidMode: UNKNOWN, ipcMode: "host" };

        assert.deepEqual(await judge(hostNamespaces, task(props)), [
            `task has networkMode host. ${MEND} [networkMode]`,
            unknown("pidMode"),
            `task has ipcMode host. ${MEND} [ipcMode]`,
        ]);
        assert.deepEqual(await judge(hostNamespaces, task({ pidMode: "host" })), [
            `task has pidMode host. ${MEND} [pidMode]`,
        ]);
    });
});

describe("ecs-task-efs-tls", () => {
    const MEND = "Set efsVolumeConfiguration.transitEncryption of the volume to ENABLED.";
    const volume = (efsVolumeConfiguration: unknown, name = "files") => ({ name, efsVolumeConfiguration });

    it("takes EFS through TLS, and volumes of other kinds", async () => {
        const volumes = [
            { name: "scratch" },
            volume({ fileSystemId: UNKNOWN, transitEncryption: "ENABLED" }),
            volume([{ transitEncryption: "ENABLED" }]),
        ];

        assert.deepEqual(await judge(efsTls, task({ volumes })), []);
        assert.deepEqual(await judge(efsTls, task({})), []);
    });

    it("refuses the default and DISABLED, also beside what it can't know", async () => {
        const volumes = [
            volume({ fileSystemId: "fs-1" }),
            volume({ transitEncryption: UNKNOWN }, "more"),
            volume({ transitEncryption: "DISABLED" }, "other"),
        ];

        assert.deepEqual(await judge(efsTls, task({ volumes })), [
            `task mounts EFS volume files without TLS. ${MEND} [files]`,
            unknown("volumes.1.efsVolumeConfiguration.transitEncryption"),
            `task mounts EFS volume other without TLS. ${MEND} [other]`,
        ]);
    });
});

describe("ecs-task-roles-distinct", () => {
    const MEND = "Set taskRoleArn to a role that nothing else uses as executionRoleArn.";
    const SHARED = `task has its execution role as task role. ${MEND}`;
    const NONE = `task has no task role. ${MEND}`;
    const role = (name: string) => `arn:aws:iam::222222222222:role/service/${name}`;
    const roles = [
        { type: "aws:iam/role:Role", name: "own", outputs: { arn: UNKNOWN, name: "own" } },
        { type: "aws:iam/role:Role", name: "execution", outputs: { arn: UNKNOWN, name: "execution" } },
    ];
    const unknownRoles = (taskRole?: string, executionRole?: string): Declared => ({
        ...task({ taskRoleArn: UNKNOWN, executionRoleArn: UNKNOWN }),
        refers: {
            ...(taskRole && { taskRoleArn: [taskRole] }),
            ...(executionRole && { executionRoleArn: [executionRole] }),
        },
    });

    for (const [title, props, findings] of [
        ["takes two roles", { taskRoleArn: role("own"), executionRoleArn: role("execution") }, []],
        ["takes a task role alone", { taskRoleArn: UNKNOWN }, []],
        ["leaves unknown roles to the judgement of the stack", { taskRoleArn: UNKNOWN, executionRoleArn: UNKNOWN }, []],
        ["refuses one role for both", { taskRoleArn: role("own"), executionRoleArn: role("own") }, [SHARED]],
        ["refuses one role by ARN and name", { taskRoleArn: role("own"), executionRoleArn: "own" }, [SHARED]],
        ["refuses a task without role", { executionRoleArn: role("execution") }, [NONE]],
        ["refuses a task with an empty role", { taskRoleArn: "" }, [NONE]],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(rolesDistinct, task(props)), findings);
        });
    }

    it("tells unknown roles apart by where they come from", async () => {
        assert.deepEqual(await judgeStack(rolesDistinct, [unknownRoles("own", "execution"), ...roles]), []);
        assert.deepEqual(await judgeStack(rolesDistinct, [unknownRoles("own", "own"), ...roles]), [SHARED]);
    });

    it("tells an unknown role from one that is written down", async () => {
        const withExecution = (executionRoleArn: string): Declared => ({
            ...task({ taskRoleArn: UNKNOWN, executionRoleArn }),
            refers: { taskRoleArn: ["own"] },
        });
        const unnamed = { ...roles[0], outputs: { arn: UNKNOWN, name: UNKNOWN } };

        assert.deepEqual(await judgeStack(rolesDistinct, [withExecution(role("shared")), ...roles]), []);
        assert.deepEqual(await judgeStack(rolesDistinct, [withExecution(role("shared")), unnamed]), []);
        assert.deepEqual(await judgeStack(rolesDistinct, [withExecution(role("own")), ...roles]), [SHARED]);
    });

    it("tells roles apart whose names AWS makes", async () => {
        const unnamed = roles.map((each) => ({ ...each, outputs: { arn: UNKNOWN, name: UNKNOWN } }));

        assert.deepEqual(await judgeStack(rolesDistinct, [unknownRoles("own", "execution"), ...unnamed]), []);
        assert.deepEqual(await judgeStack(rolesDistinct, [unknownRoles("own", "own"), ...unnamed]), [SHARED]);
    });

    it("can't judge a role that comes from nowhere", async () => {
        assert.deepEqual(await judgeStack(rolesDistinct, [unknownRoles("own"), ...roles]), [
            unknown("executionRoleArn"),
        ]);
        assert.deepEqual(await judgeStack(rolesDistinct, [unknownRoles(undefined, "own"), ...roles]), [
            unknown("taskRoleArn"),
        ]);
    });

    it("does not say twice what the judgement of the resource says", async () => {
        const props = { taskRoleArn: role("own"), executionRoleArn: role("own") };

        assert.deepEqual(await judgeStack(rolesDistinct, [task(props), task({}), task({ taskRoleArn: UNKNOWN })]), []);
    });
});
