import type { ResourceProvider } from "../../gateway/types";
import type { PlannedResource } from "../../../plan/types";
import type { CorsRule } from "./cors";
import type { LifecycleRule } from "./lifecycle";
import type { BucketConfig, PublicAccessBlock } from "./types";

type Inputs = PlannedResource["inputs"];

/** Makes the `apply` functions that read planned buckets, and what belongs to them, into `configs` by bucket name. */
export function bucketDeclarations(configs: () => Map<string, BucketConfig>): ResourceProvider["apply"] {
    const apply: Record<string, (resource: PlannedResource) => void> = {};
    for (const type of bucketTypes) apply[type] = (resource) => declareBucket(configs(), resource);
    for (const [types, declare] of settings) {
        for (const type of types) apply[type] = (resource) => declareSetting(configs(), resource, declare);
    }
    return apply;
}

const bucketTypes = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** Resources that set something of a bucket, under all their type tokens. */
const settings: readonly (readonly [
    types: readonly string[],
    declare: (config: BucketConfig, inputs: Inputs) => void,
])[] = [
    [["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"], declareVersioning],
    [
        [
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
        ],
        declareEncryption,
    ],
    [["aws:s3/bucketPolicy:BucketPolicy"], (config, { policy }) => (config.policy = policy)],
    [["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"], declarePublicAccessBlock],
    [["aws:s3/bucketOwnershipControls:BucketOwnershipControls"], declareOwnership],
    [
        [
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
        ],
        (config, { rules }) => (config.lifecycle = (rules ?? []) as LifecycleRule[]),
    ],
    [
        [
            "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
            "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
        ],
        (config, { corsRules }) => (config.cors = corsRules as CorsRule[]),
    ],
];

/** Properties of a bucket that AWS has moved to resources of their own, or that the local run cannot follow. */
const refused = [
    "acl",
    "corsRules",
    "grants",
    "lifecycleRules",
    "objectLockConfiguration",
    "objectLockEnabled",
    "policy",
    "replicationConfiguration",
    "serverSideEncryptionConfiguration",
    "versioning",
    "website",
];

function declareBucket(configs: Map<string, BucketConfig>, { id, inputs, outputs, urn }: PlannedResource): void {
    const name = String(outputs.bucket ?? id);
    // Also keeps the name from leading out of the data folder.
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes("..")) {
        throw new Error(`${urn}: "${name}" is no valid bucket name`);
    }
    const property = refused.find((candidate) => inputs[candidate] !== undefined && inputs[candidate] !== false);
    if (property !== undefined) {
        throw new Error(
            `${urn}: the local run does not have the property "${property}" of a bucket; use its own resource, if there is one`,
        );
    }
    configs.set(name, {
        tags: (outputs.tagsAll ?? inputs.tags ?? {}) as Record<string, string>,
        encryption: { algorithm: "AES256", bucketKeyEnabled: false },
        publicAccess: {
            blockPublicAcls: true,
            ignorePublicAcls: true,
            blockPublicPolicy: true,
            restrictPublicBuckets: true,
        },
        objectOwnership: "BucketOwnerEnforced",
        lifecycle: [],
        cors: [],
    });
}

function declareSetting(
    configs: Map<string, BucketConfig>,
    { inputs, urn }: PlannedResource,
    declare: (config: BucketConfig, inputs: Inputs) => void,
): void {
    const config = configs.get(String(inputs.bucket));
    if (config === undefined) throw new Error(`${urn}: the bucket "${String(inputs.bucket)}" is not declared`);
    declare(config, inputs);
}

function declareVersioning(config: BucketConfig, { versioningConfiguration }: Inputs): void {
    const { status } = versioningConfiguration as { status: string };
    if (status === "Enabled" || status === "Suspended") config.versioning = status;
}

function declareEncryption(config: BucketConfig, { rules }: Inputs): void {
    const [rule] = rules as {
        applyServerSideEncryptionByDefault?: { sseAlgorithm: string; kmsMasterKeyId?: string };
        bucketKeyEnabled?: boolean;
    }[];
    const { sseAlgorithm = "AES256", kmsMasterKeyId } = rule.applyServerSideEncryptionByDefault ?? {};
    if (sseAlgorithm !== "AES256" && sseAlgorithm !== "aws:kms") {
        throw new Error(`the local run does not have the encryption "${sseAlgorithm}"; use AES256 or aws:kms`);
    }
    config.encryption = {
        algorithm: sseAlgorithm,
        ...(kmsMasterKeyId ? { kmsMasterKeyId } : {}),
        bucketKeyEnabled: rule.bucketKeyEnabled ?? false,
    };
}

function declarePublicAccessBlock(config: BucketConfig, inputs: Inputs): void {
    const { blockPublicAcls = false, blockPublicPolicy = false } = inputs as Partial<PublicAccessBlock>;
    const { ignorePublicAcls = false, restrictPublicBuckets = false } = inputs as Partial<PublicAccessBlock>;
    config.publicAccess = { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets };
}

function declareOwnership(config: BucketConfig, { rule }: Inputs): void {
    config.objectOwnership = (rule as { objectOwnership: BucketConfig["objectOwnership"] }).objectOwnership;
}
