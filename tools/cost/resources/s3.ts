import type { PlannedResource } from "../../../plan/types";
import type { Month } from "../month";
import { PRICES } from "../prices";
import { BYTES_PER_GB, DAYS, type Pricing, type ServicePricing } from "./pricing";

/** Requests, and what lies there once as much expires as comes. */
const bucket: Pricing = (resource, month) => {
    const stored = month
        .amounts(resource)
        .flatMap(([what, bytes]) => {
            const [, prefix = ""] = /^bytes ?(.*)$/.exec(what) ?? [];
            return what.startsWith("bytes") ? bytes * monthsKept(resource.id, prefix, month) : 0;
        })
        .reduce((left, right) => left + right, 0);
    return [
        { price: PRICES.s3.write, units: month.amount(resource, "writes") },
        { price: PRICES.s3.read, units: month.amount(resource, "reads") },
        { price: PRICES.s3.gbMonth, units: stored / BYTES_PER_GB },
    ];
};

/** A line for each request to a bucket lies in another; S3 asks nothing for writing it. */
const accessLog: Pricing = ({ inputs }, month) => {
    const source = month.structure.ofType(BUCKET).find(({ id }) => id === inputs.bucket);
    const requests = source ? month.amount(source, "writes") + month.amount(source, "reads") : 0;
    const prefix = String(inputs.targetPrefix ?? "");
    const months = monthsKept(String(inputs.targetBucket), prefix, month);
    const bytes = requests * month.assumptions.accessLogBytes * months;
    return [{ price: PRICES.s3.gbMonth, units: bytes / BYTES_PER_GB }];
};

interface Rule {
    readonly status?: string;
    readonly filter?: { readonly prefix?: string };
    readonly expiration?: { readonly days?: number };
}

/** Months until the bucket's lifecycle expires what lies under a prefix. */
function monthsKept(bucketId: string, prefix: string, { structure, assumptions }: Month): number {
    const days = structure
        .ofType("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
        .filter(({ inputs }: PlannedResource) => inputs.bucket === bucketId)
        .flatMap(({ inputs }) => (inputs.rules as readonly Rule[] | undefined) ?? [])
        .filter(({ status, filter }) => status === "Enabled" && prefix.startsWith(filter?.prefix ?? ""))
        .flatMap(({ expiration }) => expiration?.days ?? []);
    return days.length > 0 ? Math.min(...days) / DAYS : assumptions.storageMonths;
}

const BUCKET = "aws:s3/bucket:Bucket";

export const s3: ServicePricing = {
    priced: {
        [BUCKET]: bucket,
        "aws:s3/bucketLogging:BucketLogging": accessLog,
    },
    free: [
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketNotification:BucketNotification",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        // What earlier versions take is left out.
        "aws:s3/bucketVersioning:BucketVersioning",
    ],
};
