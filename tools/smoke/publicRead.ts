import { expectXmlRefusal } from "./expect";
import { send } from "./send";

/**
 * Asks S3 without a signature for a list of a bucket and for an object that is there.
 *
 * @param key Of an object that exists: of one that does not, S3 answers 403 also where everyone may read objects.
 * @throws When one of them is not refused.
 */
export async function refusePublicRead(bucketUrl: string, key: string): Promise<void> {
    const path = key.split("/").map(encodeURIComponent).join("/");
    for (const url of [`${bucketUrl}?list-type=2&max-keys=1`, `${bucketUrl}/${path}`]) {
        expectXmlRefusal(await send({ url }), 403, "AccessDenied");
    }
}
