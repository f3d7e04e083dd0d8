import { awsError } from "../../../errors";
import { isFormCall } from "../../../sigv4/formPolicy";
import type { FormCall, FormFields } from "../../../sigv4/formPolicy";
import { maxUpload, uploadLength } from "../bodies";
import { tagsOf } from "../metadata";
import type { ObjectVersion } from "../store/types";
import type { BucketRequest } from "../types";
import { announce, commitObject, prepareWrite } from "../writeObject";
import { headersOf, keyOf, withFileName } from "./fields";
import { boundaryOf, readForm } from "./multipartForm";
import { checkPolicy } from "./policy";
import type { SizeRange } from "./policy";
import { receiveFile } from "./receiveFile";
import { sendPosted } from "./sendPosted";

/**
 * PostObject, the upload of a form: visible when all of it is verified and durable. Its fields come first, and all that they can be refused
 * for is found before the file is read.
 */
export async function postObject(request: BucketRequest): Promise<void> {
    const { call } = request;
    if (!isFormCall(call)) {
        const message =
            "Only one auth mechanism allowed; a form is signed by its fields, not by the Authorization header or the query.";
        throw awsError("InvalidArgument", 400, message);
    }
    const boundary = boundaryOf(call.headers["content-type"]);
    uploadLength(call, maxUpload + mostOfForm);
    const body = call.body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    try {
        const form = await readForm(body, boundary);
        const fields = withFileName(form);
        const posted = postedRequest(request, call, fields);
        const object = await writeFile(posted, form.file, policySizes(posted, fields));

        sendPosted(posted, fields, object);
        announce(posted, object, "ObjectCreated:Post");
    } finally {
        // The rest of a refused form must still be read, so that the answer is.
        await body.return?.();
    }
}

/** Room for what a form has around its file, in bytes. */
const mostOfForm = 64 * 1024;

/** The PutObject that a form stands for, by whoever signed it. */
function postedRequest(request: BucketRequest, call: FormCall, fields: FormFields): BucketRequest {
    const key = keyOf(fields);
    const principal = call.verifyForm(fields);
    const headers = headersOf(fields, call);
    const posted: FormCall = { ...call, principal, headers, query: new URLSearchParams() };
    return { ...request, key, call: posted };
}

function policySizes({ bucket }: BucketRequest, fields: FormFields): SizeRange {
    const policy = fields.get("policy");
    const { min, max } =
        policy === undefined ? { min: 0, max: maxUpload } : checkPolicy(policy, fields, bucket.name, Date.now());
    return { min, max: Math.min(max, maxUpload) };
}

async function writeFile(posted: BucketRequest, file: AsyncIterable<Buffer>, sizes: SizeRange): Promise<ObjectVersion> {
    const write = prepareWrite(posted, tagsOf(posted.call));
    return commitObject(posted, write, await receiveFile(posted, file, sizes));
}
