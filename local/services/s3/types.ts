import type * as http from "node:http";
import type { AwsCall } from "../../gateway/types";
import type { Authorizer } from "../../iam/types";
import type { KeyService } from "../kms/types";
import type { CorsRule } from "./cors";
import type { LifecycleRule } from "./lifecycle";
import type { ObjectStore } from "./store/objectStore";
import type { ObjectVersion } from "./store/types";

/** The four settings of S3 Block Public Access. */
export interface PublicAccessBlock {
    readonly blockPublicAcls: boolean;
    readonly ignorePublicAcls: boolean;
    readonly blockPublicPolicy: boolean;
    readonly restrictPublicBuckets: boolean;
}

/** What the program declares about a bucket. */
export interface BucketConfig {
    tags: Readonly<Record<string, string>>;
    /** Absent when versioning was never turned on. */
    versioning?: "Enabled" | "Suspended";
    encryption: {
        readonly algorithm: "AES256" | "aws:kms";
        readonly kmsMasterKeyId?: string;
        readonly bucketKeyEnabled: boolean;
    };
    /** Policy document as declared: JSON text or an object. */
    policy?: unknown;
    publicAccess: PublicAccessBlock;
    objectOwnership: "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter";
    lifecycle: readonly LifecycleRule[];
    cors: readonly CorsRule[];
}

/** A bucket being served. */
export interface Bucket {
    readonly name: string;
    readonly arn: string;
    readonly config: BucketConfig;
    /** Whether the policy is public, by S3's definition. */
    readonly publicPolicy: boolean;
    readonly store: ObjectStore;
}

/** A new object, or a new version of one. */
export interface ObjectCreated {
    readonly bucket: string;
    readonly object: ObjectVersion;
    /** As in event notifications. */
    readonly eventName: `ObjectCreated:${"Put" | "Post" | "Copy" | "CompleteMultipartUpload"}`;
    readonly requestId: string;
    readonly sourceIp: string;
}

/** What all operations share. */
export interface S3Environment {
    /** Account id of all buckets. */
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly keys: KeyService;
    /** Where S3 is reached, e.g. `http://127.0.0.1:4566`. */
    readonly endpoint: () => string;
    /** The buckets being served, by name. */
    readonly buckets: () => ReadonlyMap<string, Bucket>;
    readonly created: (event: ObjectCreated) => void;
}

/** A call with what its path names. */
export interface S3Request {
    readonly call: AwsCall;
    readonly response: http.ServerResponse;
    readonly environment: S3Environment;
    /** Decoded; empty for an operation on a bucket. */
    readonly key: string;
}

/** A call to a bucket that exists. */
export interface BucketRequest extends S3Request {
    readonly bucket: Bucket;
}
