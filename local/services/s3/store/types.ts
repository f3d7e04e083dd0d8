/** A file under a bucket's `blobs` folder: the bytes of an object, or of one part of it. */
export interface Blob {
    readonly id: string;
    /** In bytes. */
    readonly size: number;
}

/** How an object is said to be encrypted. The bytes on disk are not: the local run checks the permission to use the key, no more. */
export interface ObjectEncryption {
    readonly algorithm: "AES256" | "aws:kms";
    /** Key ARN; present with `aws:kms`. */
    readonly keyArn?: string;
    /** True for a key of the account, whose policy is asked at each use; absent for `aws/s3`. */
    readonly customerKey?: true;
    readonly bucketKey?: true;
}

/** What an upload says about its object, kept with it and given back. */
export interface ObjectMetadata {
    /** Content-Type and the like, and `x-amz-meta-*`; names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly encryption: ObjectEncryption;
    readonly tags?: Readonly<Record<string, string>>;
    /** @default "STANDARD" */
    readonly storageClass?: string;
}

/** One version of an object, or a delete marker. */
export interface ObjectVersion extends ObjectMetadata {
    readonly key: string;
    /** `null` in a bucket without versioning, as in AWS. */
    readonly versionId: string;
    /** Milliseconds since 1970. */
    readonly modified: number;
    readonly deleteMarker?: true;
    readonly size: number;
    /** Without quotes. */
    readonly etag: string;
    /** In the order of their bytes: one, or one for each part of a multipart upload. */
    readonly blobs: readonly Blob[];
    /** By header name, e.g. `x-amz-checksum-crc32`. */
    readonly checksums?: Readonly<Record<string, string>>;
    readonly checksumType?: "FULL_OBJECT" | "COMPOSITE";
}

/** A part of a multipart upload. */
export interface Part extends Blob {
    readonly number: number;
    readonly etag: string;
    readonly modified: number;
    readonly checksums?: Readonly<Record<string, string>>;
}

/** A multipart upload that is neither complete nor aborted. */
export interface Upload extends ObjectMetadata {
    readonly uploadId: string;
    readonly key: string;
    /** Milliseconds since 1970. */
    readonly initiated: number;
    readonly checksumType?: "FULL_OBJECT" | "COMPOSITE";
}

/** One line of a bucket's journal: all of it happens, or none. */
export interface Change {
    /** The bucket's creation, in milliseconds since 1970. */
    readonly created?: number;
    /** Becomes the newest version of its key; a version `null` takes the place of the one before. */
    readonly put?: ObjectVersion;
    readonly remove?: { readonly key: string; readonly versionId: string };
    readonly upload?: Upload;
    readonly part?: { readonly uploadId: string; readonly part: Part };
    /** Id of an upload that is over. */
    readonly end?: string;
}
