import * as pulumi from "@pulumi/pulumi";
import { confirmUploadFactory } from "../handlers/uploadPipeline/confirmUpload";
import { consultStatusFactory } from "../handlers/uploadPipeline/consultStatus";
import type { DatabaseRole } from "../handlers/uploadPipeline/database/roles";
import { failUploadFactory } from "../handlers/uploadPipeline/failUpload";
import { migrateFactory } from "../handlers/uploadPipeline/migrate";
import { promoteUploadFactory } from "../handlers/uploadPipeline/promoteUpload";
import { requestUploadFactory } from "../handlers/uploadPipeline/requestUpload";
import { uploadPipelineRoutes } from "../handlers/uploadPipeline/routes";
import { sweepUploadsFactory } from "../handlers/uploadPipeline/sweepUploads";
import { updateStatusFactory } from "../handlers/uploadPipeline/updateStatus";
import type { UploadLimits } from "../handlers/uploadPipeline/uploadSchema";
import { Callback, type CallbackArgs } from "./support/callback";
import type { DsqlDatabase } from "./support/dsqlDatabase";
import type { MessageQueue } from "./support/messageQueue";
import { stackNames } from "./support/names";
import { apiDescription } from "./support/openApi/apiDescription";
import type { Operations } from "./support/operations";
import type { Statement } from "./support/policy";
import type { PrivateBucket } from "./support/privateBucket";
import type { RestApi } from "./support/restApi";

/** What the functions of UploadPipeline work with. */
export interface UploadFunctionsArgs {
    readonly storage: PrivateBucket;
    readonly queue: MessageQueue;
    readonly database: DsqlDatabase;
    readonly limits: UploadLimits;
    readonly corsOrigins: readonly string[];
    readonly operations: Operations;
}

/** The functions of UploadPipeline. */
export interface UploadFunctions {
    /** What answers a route, or a path's preflight, by path. */
    readonly byPath: Readonly<Record<string, Callback>>;
    readonly fail: Callback;
    readonly sweep: Callback;
    readonly migrate: Callback;
    /** Makes the worker, which reports to the API. */
    readonly promote: (api: RestApi) => Callback;
    /** ARN of the IAM role that may connect as each database role. */
    readonly iamRoles: Readonly<Record<DatabaseRole, string>>;
    /** Roles that must exist before they are mapped to database roles. */
    readonly connecting: pulumi.Resource[];
}

/** Time-out of the worker: S3 takes a minute or so to copy 5 GiB. */
export const PROMOTE_SECONDS = 120;

/** Makes the functions, each with its own role and exactly its statements. */
export function uploadFunctions(
    name: string,
    args: UploadFunctionsArgs,
    opts: pulumi.ComponentResourceOptions,
): UploadFunctions {
    const { storage, queue, database, limits, corsOrigins, operations } = args;
    const names = stackNames();
    const iamRoles: Record<string, string> = {};
    const connecting: pulumi.Resource[] = [];
    const make = (purpose: string, own: Omit<CallbackArgs, "operations">) =>
        new Callback(`${name}-${purpose}`, { memoryMb: 256, ...own, operations }, opts);
    /** A function that connects as a database role of its own. */
    const connected = (purpose: string, databaseRole: DatabaseRole, own: Omit<CallbackArgs, "operations">) => {
        const callback = make(purpose, {
            ...own,
            allow: [...(own.allow ?? []), database.allowConnect("dsql:DbConnect")],
            environment: { ...own.environment, DATABASE: database.address },
        });
        iamRoles[databaseRole] = callback.roleArn;
        connecting.push(callback.role);
        return callback;
    };
    const bucketKey = (callback: Callback, ...actions: string[]) =>
        operations.encryption.allowRole({
            ...{ role: callback.role, roleArn: callback.roleArn, actions },
            service: "s3",
            context: { "aws:s3:arn": storage.arn },
        });
    const objects = (sid: string, action: string | string[], prefix: string): Statement => ({
        ...{ Sid: sid, Effect: "Allow", Action: action },
        Resource: names.bucketArn(storage.bucketName, `${prefix}*`),
    });
    // Without it S3 answers 403 for what is not there, and nobody could tell the two apart.
    const seeMissing: Statement = {
        ...{ Sid: "SeeWhatIsMissing", Effect: "Allow", Action: "s3:ListBucket" },
        Resource: storage.arn,
    };
    const toQueue = (sid: string, action: string | string[], resource = queue.arn): Statement => ({
        ...{ Sid: sid, Effect: "Allow", Action: action, Resource: resource },
    });
    const cors = { CORS_ORIGINS: JSON.stringify(corsOrigins) };
    const bucket = { BUCKET: storage.bucketName };
    const queueUrl = { QUEUE_URL: queue.queue.url };

    const request = connected("request", "request_upload", {
        factory: () => requestUploadFactory(limits),
        description: "Announces files and signs forms",
        allow: [objects("ReceiveForms", "s3:PutObject", "temp/")],
        environment: { ...bucket, ...cors, KEY_ARN: operations.encryption.keyArn ?? "" },
    });
    bucketKey(request, "kms:GenerateDataKey");

    const confirm = connected("confirm", "confirm_upload", {
        factory: () => confirmUploadFactory(limits),
        description: "Checks what arrived and queues it",
        allow: [
            objects("LookAtArrivals", "s3:GetObject", "temp/"),
            seeMissing,
            toQueue("QueueFiles", "sqs:SendMessage"),
        ],
        environment: { ...bucket, ...queueUrl, ...cors },
    });
    bucketKey(confirm, "kms:Decrypt");
    queue.allowKey(confirm, "send");

    const update = connected("update", "update_status", {
        factory: () => updateStatusFactory(limits),
        description: "Takes the worker's reports",
        environment: cors,
    });

    const description = apiDescription({ title: "UploadPipeline", routes: uploadPipelineRoutes(limits) });
    const consult = connected("consult", "consult_status", {
        factory: () => consultStatusFactory(limits, description),
        description: "Tells a file's status",
        environment: cors,
    });

    const fail = connected("fail", "fail_upload", {
        factory: () => failUploadFactory(),
        description: "Makes the status of dead letters known",
        allow: [toQueue("LookAtDeadLetters", "sqs:ReceiveMessage", queue.deadLettersArn)],
        environment: { DEAD_LETTERS_URL: queue.deadLetters.url },
        timeoutSeconds: 30,
    });
    queue.allowKey(fail, "receiveDeadLetters");

    const sweep = connected("sweep", "sweep_uploads", {
        factory: () => sweepUploadsFactory(),
        description: "Finishes what clients left open",
        allow: [
            objects("LookAtArrivals", "s3:GetObject", "temp/"),
            seeMissing,
            toQueue("QueueFiles", "sqs:SendMessage"),
        ],
        environment: { ...bucket, ...queueUrl },
        timeoutSeconds: 120,
    });
    bucketKey(sweep, "kms:Decrypt");
    queue.allowKey(sweep, "send");

    const migrate = make("migrate", {
        factory: () => migrateFactory(),
        description: "Brings the database to the newest schema, when the stack is deployed",
        allow: [database.allowConnect("dsql:DbConnectAdmin")],
        environment: { DATABASE: database.address, IAM_ROLES: JSON.stringify(iamRoles) },
        timeoutSeconds: 300,
    });

    const promote = (api: RestApi) => {
        const callback = make("promote", {
            factory: () => promoteUploadFactory(),
            description: "Moves files to their place",
            allow: [
                objects("ReadAndRemoveArrivals", ["s3:GetObject", "s3:DeleteObject"], "temp/"),
                objects("WriteFiles", ["s3:PutObject", "s3:GetObject"], "dest/"),
                seeMissing,
                toQueue("HandleMessages", [
                    "sqs:ReceiveMessage",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:ChangeMessageVisibility",
                ]),
                {
                    Sid: "ReportStatus",
                    Effect: "Allow",
                    Action: "execute-api:Invoke",
                    Resource: api.invokeArn({ method: "POST", path: "/update-status" }),
                },
            ],
            environment: {
                ...bucket,
                ...queueUrl,
                UPDATE_STATUS_URL: pulumi.interpolate`${api.url}/update-status`,
                METRICS_NAMESPACE: names.physical(name),
            },
            timeoutSeconds: PROMOTE_SECONDS,
        });
        bucketKey(callback, "kms:Decrypt", "kms:GenerateDataKey");
        queue.allowKey(callback, "receive");
        return callback;
    };

    const byPath = {
        "/upload": request,
        "/confirm-upload": confirm,
        "/update-status": update,
        "/consult-status": consult,
        "/openapi.json": consult,
    };
    return { byPath, fail, sweep, migrate, promote, iamRoles: iamRoles as Record<DatabaseRole, string>, connecting };
}
