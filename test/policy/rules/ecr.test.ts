import * as assert from "node:assert/strict";
import { rule as encryption } from "../../../policy/rules/ecr/ecr-encryption-cmk";
import { rule as imageScan } from "../../../policy/rules/ecr/ecr-image-scan";
import { rule as immutableTags } from "../../../policy/rules/ecr/ecr-immutable-tags";
import { rule as lifecycle } from "../../../policy/rules/ecr/ecr-lifecycle";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const repository = (props: Record<string, unknown>, outputs: Record<string, unknown> = {}): Declared => ({
    type: "aws:ecr/repository:Repository",
    name: "images",
    props,
    outputs,
});

const unknown = (property: string) =>
    `images could not be judged, since ${property} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${property}]`;

describe("ecr-image-scan", () => {
    const MESSAGE =
        "images does not have its images scanned on push. Set imageScanningConfiguration.scanOnPush to true, or name the repository in a filter of the registry's scanning configuration.";
    const own = { imageScanningConfiguration: { scanOnPush: true } };
    const registry = (filter: string, scanFrequency = "SCAN_ON_PUSH", scanType = "BASIC"): Declared => ({
        type: "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        name: "registry",
        props: { scanType, rules: [{ scanFrequency, repositoryFilters: [{ filter, filterType: "WILDCARD" }] }] },
    });

    for (const [title, resources, findings] of [
        ["takes a repository that scans", [repository(own)], []],
        ["takes a list", [repository({ imageScanningConfiguration: [{ scanOnPush: "true" }] })], []],
        [
            "takes a registry that scans all, be their names unknown",
            [repository({}, { name: UNKNOWN }), registry("*")],
            [],
        ],
        [
            "takes continuous scans",
            [repository({ name: "orders" }), registry("ord*", "CONTINUOUS_SCAN", "ENHANCED")],
            [],
        ],
        ["takes a repository that scans beside basic scans of others", [repository(own), registry("x")], []],
        [
            "refuses the default, whatever ECR answers",
            [repository({}, { imageScanningConfiguration: UNKNOWN })],
            [MESSAGE],
        ],
        [
            "refuses a repository that does not scan",
            [repository({ imageScanningConfiguration: { scanOnPush: "false" } })],
            [MESSAGE],
        ],
        ["refuses a registry that scans by hand", [repository({ name: "orders" }), registry("*", "MANUAL")], [MESSAGE]],
        [
            "refuses a registry without rules",
            [repository({}), { ...registry("*"), props: { scanType: "BASIC" } }],
            [MESSAGE],
        ],
        [
            "refuses a setting that enhanced scans of others make void",
            [repository({ ...own, name: "orders" }), registry("x", "CONTINUOUS_SCAN", "ENHANCED")],
            [MESSAGE],
        ],
        [
            "refuses what it can't know",
            [repository({ imageScanningConfiguration: { scanOnPush: UNKNOWN } })],
            [unknown("imageScanningConfiguration.scanOnPush")],
        ],
        [
            "refuses a name that it can't know",
            [repository({}, { name: UNKNOWN }), registry("orders")],
            [unknown("name")],
        ],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judgeStack(imageScan, resources), findings);
        });
    }

    // Of the table in AWS's user guide, with a dot, which stands for itself.
    for (const [filter, covered, others] of [
        ["prod", ["prod", "repo-prod", "prod-repo", "prodrepo"], ["test"]],
        ["*prod", ["prod", "repo-prod"], ["prod-repo", "prodrepo"]],
        ["prod*", ["prod", "prod-repo", "prodrepo"], ["repo-prod"]],
        ["prod*repo", ["prod-repo", "prodrepo"], ["prod", "repo-prod-repo"]],
        ["a.b*", ["a.b"], ["axb"]],
    ] as const) {
        it(`knows which names the filter ${filter} covers`, async () => {
            for (const name of covered) {
                assert.deepEqual(await judgeStack(imageScan, [repository({ name }), registry(filter)]), [], name);
            }
            for (const name of others) {
                assert.deepEqual(
                    await judgeStack(imageScan, [repository({ name }), registry(filter)]),
                    [MESSAGE],
                    name,
                );
            }
        });
    }
});

describe("ecr-immutable-tags", () => {
    const MEND = "Set imageTagMutability to IMMUTABLE.";

    for (const [title, props, findings] of [
        ["takes immutable tags", { imageTagMutability: "IMMUTABLE" }, []],
        ["refuses the default", {}, [`images has mutable tags. ${MEND}`]],
        ["refuses mutable tags", { imageTagMutability: "MUTABLE" }, [`images has mutable tags. ${MEND}`]],
        [
            "refuses tags that are excluded",
            { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" },
            [`images excludes tags from being immutable. ${MEND}`],
        ],
        ["refuses what it can't know", { imageTagMutability: UNKNOWN }, [unknown("imageTagMutability")]],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(immutableTags, repository(props)), findings);
        });
    }
});

describe("ecr-encryption-cmk", () => {
    const MESSAGE =
        "images is not encrypted with a customer managed key. Set encryptionConfigurations with encryptionType KMS and the kmsKey of a customer managed key.";
    const encrypted = (encryptionType: string, kmsKey?: string) => ({
        encryptionConfigurations: [{ encryptionType, ...(kmsKey && { kmsKey }) }],
    });

    for (const [title, props, findings] of [
        ["takes a key", encrypted("KMS", "arn:aws:kms:eu-west-1:222222222222:key/1"), []],
        ["takes a key that is made in the same deployment", encrypted("KMS_DSSE", UNKNOWN), []],
        ["takes a single object", { encryptionConfigurations: { encryptionType: "KMS", kmsKey: "alias/quartet" } }, []],
        ["refuses the default", {}, [MESSAGE]],
        ["refuses keys of S3", encrypted("AES256", "alias/quartet"), [MESSAGE]],
        ["refuses AWS's key for ECR", encrypted("KMS"), [MESSAGE]],
        ["refuses AWS's key for ECR by name", encrypted("KMS", "alias/aws/ecr"), [MESSAGE]],
        [
            "refuses what it can't know",
            encrypted(UNKNOWN, "alias/quartet"),
            [unknown("encryptionConfigurations.0.encryptionType")],
        ],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(encryption, repository(props)), findings);
        });
    }
});

describe("ecr-lifecycle", () => {
    const MESSAGE = "images has no life-cycle policy. Add an ecr.LifecyclePolicy for the repository.";
    const policy = (name: string, refers: readonly string[] = []): Declared => ({
        type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        name: "policy",
        props: { repository: name, policy: UNKNOWN },
        refers: { repository: refers },
    });

    for (const [title, resources, findings] of [
        ["takes a policy by name", [repository({ name: "orders" }), policy("orders")], []],
        ["takes a policy by an unknown output", [repository({}, { name: UNKNOWN }), policy(UNKNOWN, ["images"])], []],
        ["refuses a repository without policy", [repository({ name: "orders" })], [MESSAGE]],
        ["refuses a policy of another", [repository({ name: "orders" }), policy("others")], [MESSAGE]],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judgeStack(lifecycle, resources), findings);
        });
    }
});
