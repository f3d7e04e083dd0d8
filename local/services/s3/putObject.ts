import { receiveObject, uploadLength } from "./bodies";
import { tagsOf } from "./metadata";
import type { BucketRequest } from "./types";
import { announce, commitObject, prepareWrite, writtenHeaders } from "./writeObject";

/** PutObject: visible when all of it is verified and durable; of concurrent writers with `If-None-Match: *` one succeeds. */
export async function putObject(request: BucketRequest): Promise<void> {
    const write = prepareWrite(request, tagsOf(request.call));
    const content = await receiveObject(request, uploadLength(request.call));
    const object = await commitObject(request, write, content);

    request.response.writeHead(200, { ...writtenHeaders(request.bucket, object), "content-length": 0 }).end();
    announce(request, object, "ObjectCreated:Put");
}
