import type { S3ClientConfig } from "@aws-sdk/client-s3";

/** An `s3://` backend of Pulumi's. */
export interface S3Backend {
    readonly bucket: string;
    /** What each key begins with: empty, or ending in `/`. */
    readonly prefix: string;
    readonly config: S3ClientConfig;
}

/** Parameters of such a URL that say how objects are written, which reading needs not know. */
const OF_WRITING = ["awssdk", "ssetype", "kmskeyid", "request_checksum_calculation"];

/**
 * Reads the URL of an `s3://` backend as Pulumi does. Source: `newDIYBackend` of pulumi/pulumi, pkg/backend/diy/backend.go,
 * and gocloud.dev, blob/s3blob and aws.
 *
 * @throws When it has a parameter that is not known here, which could make it another bucket.
 */
export function parseS3Backend(url: string): S3Backend {
    const { hostname, pathname, searchParams } = new URL(url);
    const folder = decodeURIComponent(pathname).replace(/^\/+/, "");
    const config: S3ClientConfig = {};
    for (const [name, value] of searchParams) {
        if (name === "region") {
            config.region = value;
        } else if (name === "profile") {
            config.profile = value;
        } else if (name === "endpoint") {
            const plain = ["disableSSL", "disable_https"].some((key) => isTrue(searchParams.get(key)));
            config.endpoint = value.includes("://") ? value : `${plain ? "http" : "https"}://${value}`;
        } else if (name === "s3ForcePathStyle" || name === "use_path_style") {
            config.forcePathStyle = isTrue(value);
        } else if (name !== "disableSSL" && name !== "disable_https" && !OF_WRITING.includes(name)) {
            throw new Error(
                `The backend ${url} has a parameter ${name}, with which its locks can't be read: use pulumi cancel itself, after asking whoever holds the lock.`,
            );
        }
    }
    return { bucket: hostname, prefix: folder === "" || folder.endsWith("/") ? folder : `${folder}/`, config };
}

/** As Go's `strconv.ParseBool`. */
function isTrue(value: string | null): boolean {
    return ["1", "t", "T", "TRUE", "true", "True"].includes(value ?? "");
}
