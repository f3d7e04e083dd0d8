import { answer, expectGatewayRefusal, expectStatus, expectXmlRefusal } from "../expect";
import { inClear, LOCAL, plainHttpCheck } from "../plainHttp";
import { refusePublicRead } from "../publicRead";
import { until } from "../send";
import type { Check, Context } from "../types";
import { foreignCallerChecks } from "./foreignCaller";
import { CONTENT, fileStatus, uploadCalls, uploadSteps } from "./uploadSteps";

/** The checks of UploadPipeline. One file goes through them: what is refused comes before what is accepted. */
export function uploadChecks(context: Context): Check[] {
    const { target } = context;
    const calls = uploadCalls(target);
    const { form, sent } = uploadSteps(context, calls);
    const check = (title: string, run: () => Promise<void>): Check => ({ system: "uploads", title, run });
    return [
        check("answers 401 without a token", async () => {
            expectGatewayRefusal(await calls.announce(), 401, ["UnauthorizedException"]);
        }),
        check("answers 401 to a wrong token", async () => {
            expectGatewayRefusal(await calls.announce("wrong-token-of-smoke"), 401, ["UnauthorizedException"]);
        }),
        ...foreignCallerChecks(context),
        check("has S3 refuse a form with more than was announced", async () => {
            expectXmlRefusal(await calls.sendForm(await form(), `${CONTENT}!`), 400, "EntityTooLarge");
        }),
        {
            ...check("has S3 refuse a form over plain HTTP", async () => {
                const { url, fields } = await form();
                expectXmlRefusal(await calls.sendForm({ url: inClear(url), fields }, CONTENT), 403, "AccessDenied");
            }),
            skipped: target.deployed ? undefined : LOCAL,
        },
        check("confirms nothing that S3 refused", async () => {
            expectStatus(await calls.confirm((await form()).file_id), 409);
        }),
        check("lets nobody read its bucket without a signature", async () => {
            await refusePublicRead(target.buckets.uploads, (await sent()).fields.key);
        }),
        check("shows a file to nobody but its client", async () => {
            expectStatus(await calls.consult((await form()).file_id, target.tokenOther()), 404);
        }),
        check("brings a file from the form to its place", async () => {
            const { file_id } = await sent();
            expectStatus(await calls.confirm(file_id), 202);
            await until(`the end of file ${file_id}`, target.deployed ? 180 : 60, async () => {
                const { status, details = "no details given" } = answer(
                    await calls.consult(file_id),
                    200,
                    fileStatus(),
                );
                if (["error", "expired"].includes(status)) {
                    throw new Error(`File ${file_id} became ${status} (${details}), where completed is agreed.`);
                }
                return status === "completed" ? { seen: true } : { notYet: `it is ${status}` };
            });
        }),
        plainHttpCheck("uploads", context),
    ];
}
