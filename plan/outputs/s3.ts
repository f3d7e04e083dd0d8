import type { Predictor } from "./types";

const bucket: Predictor = ({ inputs, region, physicalName }) => {
    const name = physicalName(inputs.bucket);
    return {
        id: name,
        outputs: {
            bucket: name,
            arn: `arn:aws:s3:::${name}`,
            bucketDomainName: `${name}.s3.amazonaws.com`,
            bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
            region,
        },
    };
};

/** The settings of a bucket have the bucket's name as their id. */
const ofBucket: Predictor = ({ inputs }) => ({ id: String(inputs.bucket), outputs: {} });

const settings = [
    "AccelerateConfiguration",
    "Acl",
    "CorsConfiguration",
    "LifecycleConfiguration",
    "Logging",
    "Notification",
    "OwnershipControls",
    "Policy",
    "PublicAccessBlock",
    "ServerSideEncryptionConfiguration",
    "Versioning",
];

/** Buckets and their settings, under their names of today and the older ones that end in V2. */
export const s3: Readonly<Record<string, Predictor>> = Object.fromEntries(
    ["", "V2"].flatMap((version) => [
        [`aws:s3/bucket${version}:Bucket${version}`, bucket],
        ...settings.map((kind) => [`aws:s3/bucket${kind}${version}:Bucket${kind}${version}`, ofBucket] as const),
    ]),
);
