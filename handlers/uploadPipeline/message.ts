import type * as sqs from "@aws-sdk/client-sqs";
import * as v from "valibot";

/** The queue of files to be moved. */
export interface UploadQueue {
    readonly client: sqs.SQSClient;
    readonly url: string;
}

/** Schema of a message's body. */
export function messageSchema() {
    return v.pipe(
        v.string(),
        v.parseJson(),
        v.object({ key_path: v.string(), file_id: v.pipe(v.string(), v.uuid()), dest_path: v.string() }),
    );
}

/** Name of the message attribute that holds the id of the request which caused the message. */
export const REQUEST_ID = "RequestId";
