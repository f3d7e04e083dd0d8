import * as crypto from "node:crypto";
import { expectGatewayRefusal, expectXmlRefusal } from "../expect";
import { send } from "../send";
import type { Check, Context } from "../types";

/** Checks that nobody but the worker reports the status of files, and that nobody becomes the worker. */
export function foreignCallerChecks({ target }: Context): Check[] {
    const { caller, urls, buckets, workerRoleArn } = target;
    const forged = () => ({
        method: "POST",
        url: `${urls.uploads}/update-status`,
        headers: { "content-type": "application/json" },
        // Of no file: were it accepted, nothing would be changed.
        body: JSON.stringify({ file_id: crypto.randomUUID(), status: "completed" }),
    });
    const check = (title: string, run: () => Promise<void>): Check => ({ system: "uploads", title, run });
    return [
        check("answers 403 to a forged status without a signature", async () => {
            expectGatewayRefusal(await send(forged()), 403, UNSIGNED);
        }),
        check("answers 403 to a forged status under a foreign signature", async () => {
            // Not because the signature is wrong: of that, the error type would be another.
            expectGatewayRefusal(await caller.call("execute-api", forged()), 403, ["AccessDeniedException"]);
        }),
        check("lets no foreign role become the worker's", async () => {
            expectXmlRefusal(await caller.assume(workerRoleArn), 403, "AccessDenied");
        }),
        {
            ...check("lets no foreign role list its bucket", async () => {
                const request = { url: `${buckets.uploads}?list-type=2&max-keys=1` };
                expectXmlRefusal(await caller.call("s3", request), 403, "AccessDenied");
            }),
            skipped: caller.isRole
                ? undefined
                : "on AWS nobody but its function can act as a role of the stack, and who runs this may have been granted to look",
        },
    ];
}

/** API Gateway may say that the signature is missing, or that nobody in particular may not. */
const UNSIGNED = ["MissingAuthenticationTokenException", "AccessDeniedException"];
