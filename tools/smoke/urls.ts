/** What a URL of a stack is judged by. */
export interface Expected {
    readonly stack: string;
    readonly deployed: boolean;
    readonly region: string;
}

/**
 * The base URL in an output, if it can be one of an API of this stack.
 *
 * @param name Name of the output, for errors.
 * @throws With one sentence when it is no URL, lacks a part such as the region, or is of another region.
 */
export function baseUrl(name: string, text: string, { stack, deployed, region }: Expected): string {
    const wrong = (why: string) =>
        new Error(`The output ${name} of stack ${stack} is ${text}: ${why}. Look at aws:region and deploy again.`);
    if (!URL.canParse(text)) {
        throw wrong("that is no URL");
    }
    const { protocol, hostname, search, hash } = new URL(text);
    if (hostname.split(".").includes("")) {
        throw wrong("a part of its host name is empty, as when the region is");
    }
    if (protocol !== (deployed ? "https:" : "http:")) {
        throw wrong(`it must begin with ${deployed ? "https" : "http"}://`);
    }
    if (text.endsWith("/") || search !== "" || hash !== "") {
        throw wrong("it must end with its path, without a slash");
    }
    const itsRegion = /^[^.]+\.execute-api\.([^.]+)\.amazonaws\.com(\.cn)?$/.exec(hostname)?.[1];
    if (deployed && itsRegion !== region) {
        throw wrong(`it must be https://<id>.execute-api.${region}.${dnsSuffix(region)}/<stage>`);
    }
    return text;
}

/** URLs of S3 and STS: those of AWS, or one for both. @param local URL of the local run. */
export function endpoints(region: string, local?: string): { readonly s3: string; readonly sts: string } {
    return {
        s3: local ?? `https://s3.${region}.${dnsSuffix(region)}`,
        sts: local ?? `https://sts.${region}.${dnsSuffix(region)}`,
    };
}

/** URL of a bucket in path style, which S3 and the local run understand. */
export function bucketUrl(s3: string, bucket: string): string {
    return `${s3}/${bucket}`;
}

function dnsSuffix(region: string): string {
    return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
